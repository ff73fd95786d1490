package expr

import (
	"fmt"
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	cases := []struct{ text, want string }{ // segments as offset:text or offset:{expression}
		{``, ``},
		{`plain`, `0:plain`},
		{`${a}`, `2:{a}`},
		{`Zażółć ${ user } i ${b}!`, `0:Zażółć |10:{user}|16: i |21:{b}|23:!`},
		{`$${a} costs $5 and $$`, `0:${a} costs $5 and $$`},
		{`${"}"}`, `2:{"}"}`},
		{`${'it\'s }' + "\"}"}x`, `2:{'it\'s }' + "\"}"}|20:x`},
		{"${`}``}`}", "2:{`}``}`}"},
		{`${datasets["by-day}"].x}`, `2:{datasets["by-day}"].x}`},
		{"${\n  a\n}", "5:{a}"},
		{`${a}${b}`, `2:{a}|6:{b}`},
		{`}${a}}`, `0:}|3:{a}|5:}`},
		{`$${${a}`, "0:${|5:{a}"},
	}
	for _, c := range cases {
		segments, f := ParseTemplate(c.text)
		if f != nil {
			t.Errorf("%q: %s", c.text, f.Detail)
			continue
		}
		var parts []string
		for _, s := range segments {
			text := s.Text
			if s.Expr != nil {
				text = "{" + s.Expr.Text() + "}"
			}
			parts = append(parts, fmt.Sprintf("%d:%s", s.Offset, text))
		}
		if got := strings.Join(parts, "|"); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestTemplateFaults(t *testing.T) {
	cases := []struct{ text, code, at string }{
		{`Zażółć ${user`, "bad-template", "${"},
		{`ąę ${"a}`, "bad-template", "${"},
		{`ąę ${}`, "bad-template", "${}"},
		{`ąę ${  }.`, "bad-template", "${  }"},
		{`ąę ${user} ${ uper(user) }`, "unknown-function", "uper"},
		{`ąę ${user +}`, "bad-expression", "+"},
		{`ąę ${ {a: 1} }`, "bad-expression", "{"},
	}
	for _, c := range cases {
		_, f := ParseTemplate(c.text)
		if f == nil {
			t.Errorf("%q: no fault", c.text)
			continue
		}
		at := string([]rune(c.text)[f.Offset : f.Offset+f.Length])
		if f.Code != c.code || at != c.at {
			t.Errorf("%q: got %s at %q: %s", c.text, f.Code, at, f.Detail)
		}
	}
}
