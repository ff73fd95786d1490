package email

import (
	"encoding/hex"
	"mime"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func TestASCIIName(t *testing.T) {
	for in, want := range map[string]string{
		"weekly.xlsx":         "weekly.xlsx",
		"Zażółć gęślą JAŹŃ Ł": "Zazolc gesla JAZN L",
		"9–15 lis.xlsx":       "9_15 lis.xlsx",
		"報告.xlsx":             "__.xlsx",
	} {
		if got := asciiName(in); got != want {
			t.Errorf("asciiName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestContentDispositionHasBothNames(t *testing.T) {
	const name = "Czaty 100% żółć+gęś.xlsx"
	got := disposition("attachment", name, asciiName(name))
	if !strings.Contains(got, `filename="Czaty 100% zolc+ges.xlsx"`) {
		t.Errorf("no name for old programs in %q", got)
	}
	_, params, err := mime.ParseMediaType(strings.ReplaceAll(got, "\r\n", ""))
	if err != nil || params["filename"] != name {
		t.Errorf("a program reads %q (%v), want %q", params["filename"], err, name)
	}
	if plain := disposition("attachment", "a.xlsx", "a.xlsx"); strings.Contains(plain, "*") {
		t.Errorf("an ASCII name is encoded: %q", plain)
	}
}

func TestEncodeWords(t *testing.T) {
	for _, in := range []string{
		"", "Chats 2026-W46", "żółć", "=?UTF-8?B?SGk=?= from outside",
		strings.Repeat("a", 1500), strings.Repeat("ąęłó ", 300) + "x", "emoji 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂",
	} {
		encoded := encodeWords(in)
		for word := range strings.FieldsSeq(encoded) {
			if len(word) > longestWord {
				t.Errorf("%q: a word of %d characters", in, len(word))
			}
		}
		got, err := new(mime.WordDecoder).DecodeHeader(encoded)
		if err != nil || got != strings.TrimSpace(in) {
			t.Errorf("%q came back as %q (%v)", in, got, err)
		}
	}
	if got := encodeWords("Chats 2026-W46"); got != "Chats 2026-W46" {
		t.Errorf("plain text is encoded: %q", got)
	}
}

func TestMessageName(t *testing.T) {
	name := func(address, rng string) string { return messageName(outputs.Key{Address: address, Range: rng}) }
	for _, test := range []struct{ address, rng, want string }{
		{"weekly-chats.leads", "2026-11-09..2026-11-15", "weekly-chats.leads-2026-11-09--2026-11-15.eml"},
		{`weekly["north"].leads`, "2026-11-21", "weekly[north].leads-2026-11-21.eml"},
		{"r.d", "2026-11-21T08:00+01:00..2026-11-21T09:00+01:00", "r.d-2026-11-21T08.00+01.00--2026-11-21T09.00+01.00.eml"},
	} {
		if got := name(test.address, test.rng); got != test.want {
			t.Errorf("%s@%s is %s, want %s", test.address, test.rng, got, test.want)
		}
	}
	for _, hostile := range []string{"../../etc/x", "..", `a["../b"].c`, "a/b", "C:\\x", "nul\x00", strings.Repeat("ż", 400)} {
		got := name(hostile, "2026-11-21")
		if strings.ContainsAny(got, "/\\\x00:") || strings.HasPrefix(got, ".") || len(got) > 255 {
			t.Errorf("%q becomes %q", hostile, got)
		}
	}
	if name(`r["a/b"].d`, "2026-11-21") == name(`r["a:b"].d`, "2026-11-21") {
		t.Error("two keys have one name")
	}
}
