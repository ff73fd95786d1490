package email

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/mail"
	"os"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// workbook is a renderer whose bytes every encoding must leave alone.
type workbook struct{ data []byte }

var everyByte = func() []byte {
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	return bytes.Repeat(all, 40)
}()

func (w workbook) MediaType() string {
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

func (w workbook) Render(_ context.Context, _ outputs.Document, path string) (outputs.Rendered, error) {
	return outputs.Rendered{Sheets: 2, Rows: 419, Content: "sha256:figures"}, os.WriteFile(path, w.data, 0o600)
}

// formats has one renderer for workbooks.
func formats(w outputs.Renderer) Formats {
	return func(outputs.DataFormat) map[string]outputs.Renderer { return map[string]outputs.Renderer{".xlsx": w} }
}

// attach are workbooks under names.
func attach(names ...string) []outputs.Attachment {
	var out []outputs.Attachment
	for _, name := range names {
		out = append(out, outputs.Attachment{Name: name})
	}
	return out
}

func namesOf(m outputs.MailTarget) []string {
	var out []string
	for _, a := range m.Attachments {
		out = append(out, a.Name)
	}
	return out
}

func document() outputs.Document {
	return outputs.Document{
		Title:   "Czaty, 9–15 lis 2026",
		Range:   "9–15 lis 2026 (Europe/Warsaw)",
		Project: "raporty",
		Locale:  "pl",
		Body: []outputs.Block{
			outputs.Text{Text: "Zażółć gęślą jaźń.\n.\n..kropki na początku wiersza\nFrom here on"},
			outputs.KPIs{Items: []outputs.KPI{{Label: "Czaty", Value: expr.IntegerValue(847)}}},
		},
	}
}

func deliveryKey() outputs.Key {
	return outputs.Key{Project: "raporty", Address: "weekly-chats.leads", Range: "2026-11-09..2026-11-15", Attempt: 1}
}

func target() outputs.MailTarget {
	return outputs.MailTarget{
		From:        &mail.Address{Name: "Raporty działu obsługi", Address: "reports@example.com"},
		To:          []*mail.Address{{Name: "Grażyna Żółkiewska-Łęcka", Address: "grazyna@example.com"}, {Address: "leads@example.com"}},
		Cc:          []*mail.Address{{Name: "Nowak, Anna", Address: "anna@example.com"}, {Address: "Leads@example.com"}},
		Bcc:         []*mail.Address{{Name: "Ukryty", Address: "hidden@example.com"}},
		ReplyTo:     &mail.Address{Address: "office@example.com"},
		Subject:     "Czaty: tydzień 46, odebrano 95,8% — średni czas oczekiwania 00:00:48, w tym żółw, gęś i jaźń",
		Attachments: attach("Czaty tydzień 46 – żółć.xlsx"),
		Outbox:      &outputs.Folder{Root: ".", Path: "outbox"},
	}
}

var moment = time.Date(2026, 11, 16, 7, 0, 0, 0, time.FixedZone("", 3600))

func sender(t *testing.T, target outputs.MailTarget, o Options) outputs.Output {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return moment }
	}
	s, err := New(target, formats(workbook{everyByte}), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rendered(t *testing.T, s outputs.Output) outputs.Artifact {
	t.Helper()
	a, err := s.Render(t.Context(), document(), deliveryKey(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func contentOf(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// authority makes a CA in PEM and a certificate of it for host.
func authority(t *testing.T, host string) (ca []byte, certificate tls.Certificate) {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	template := func(serial int64, name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		}
	}
	root, rootKey := template(1, "test authority"), key()
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	leaf, leafKey := template(2, host), key()
	if ip := net.ParseIP(host); ip != nil {
		leaf.IPAddresses = []net.IP{ip}
	} else {
		leaf.DNSNames = []string{host}
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, leafKey.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER}), tls.Certificate{Certificate: [][]byte{leafDER}, PrivateKey: leafKey}
}
