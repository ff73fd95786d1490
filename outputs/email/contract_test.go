package email

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/outputstest"
)

func contractSender(t *testing.T, m outputs.MailTarget) outputs.Output {
	t.Helper()
	s, err := New(m, formats(workbook{everyByte}), Options{Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestContractSMTP(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", nil)
	outputstest.Run(t, outputstest.Kind{
		Make: func(t *testing.T) outputs.Output {
			m := target()
			m.Outbox, m.Server = nil, &server
			return contractSender(t, m)
		},
		Delivered: func(*testing.T) int {
			box.mu.Lock()
			defer box.mu.Unlock()
			return len(box.mails)
		},
	})
}

func TestContractOutbox(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "outbox")
	outputstest.Run(t, outputstest.Kind{
		Make: func(t *testing.T) outputs.Output {
			m := target()
			m.Outbox = &outputs.Folder{Root: filepath.Dir(folder), Path: "outbox"}
			return contractSender(t, m)
		},
		Delivered: func(t *testing.T) int {
			entries, err := os.ReadDir(folder)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			return len(entries)
		},
	})
}
