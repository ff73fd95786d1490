package xlsx

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/spec/expr"
)

const opensesame = "Zażółć gęślą 🗝"

func TestPasswordOpensTheWorkbook(t *testing.T) {
	doc := weekly()
	plain, first := render(t, Renderer{}, doc)
	doc.Password = expr.NewSecret(opensesame)
	path, got := render(t, Renderer{}, doc)
	if got.Content != first.Content {
		t.Errorf("the password changes what is said: %s, not %s", got.Content, first.Content)
	}
	gatherSecret(path)
	if _, err := excelize.OpenFile(path); err == nil {
		t.Error("it opens without the password")
	}
	if _, err := excelize.OpenFile(path, excelize.Options{Password: "wrong"}); err == nil {
		t.Error("it opens with a wrong password")
	}
	decrypted := must(excelize.Decrypt(must(os.ReadFile(path)), &excelize.Options{Password: opensesame}))
	if !bytes.Equal(decrypted, must(os.ReadFile(plain))) {
		t.Error("what is decrypted is not the plain workbook")
	}
	if left := must(os.ReadDir(filepath.Dir(path))); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

func TestEncryptionIsTheSameToTheByte(t *testing.T) {
	doc := weekly()
	doc.Password = expr.NewSecret(opensesame)
	files := map[string][]byte{}
	for _, name := range []string{"first", "again"} {
		path, _ := render(t, Renderer{}, doc)
		files[name] = must(os.ReadFile(path))
	}
	if !bytes.Equal(files["first"], files["again"]) {
		t.Error("two renders of one document differ")
	}
	doc.Password = expr.NewSecret("another")
	path, _ := render(t, Renderer{}, doc)
	const sector = 512
	if body, other := files["first"][sector:][:64], must(os.ReadFile(path))[sector:][:64]; bytes.Equal(body[8:], other[8:]) {
		t.Error("two passwords make one key")
	}
}

func TestPasswordIsTooLong(t *testing.T) {
	doc := single(chatFields())
	secret := strings.Repeat("x", 256)
	doc.Password = expr.NewSecret(secret)
	path := filepath.Join(t.TempDir(), "out.xlsx")
	_, err := Renderer{}.Render(t.Context(), doc, path)
	if err == nil || !strings.Contains(err.Error(), "256 characters") || strings.Contains(err.Error(), secret) {
		t.Errorf("Render says %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a workbook without its password is left")
	}
}
