package spec

import (
	"strings"
	"testing"
	"time"
)

func TestEveryListedZoneIsThere(t *testing.T) {
	t.Parallel()
	list := strings.Fields(zones)
	if len(list) < 400 {
		t.Fatalf("only %d zones", len(list))
	}
	for _, name := range list {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}
