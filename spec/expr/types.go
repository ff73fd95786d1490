package expr

import "strings"

var typeNames = [...]string{
	Any: "any", Text: "text", Integer: "integer", Decimal: "decimal", Percent: "percent", Ratio: "ratio",
	Duration: "duration", Date: "date", DateTime: "datetime", Period: "period", Boolean: "boolean",
	List: "list", Map: "map", Column: "column", Table: "table",
}

// TypeName is the word for t in definitions and messages, such as "datetime".
func TypeName(t Type) string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "any"
}

// String returns TypeName.
func (t Type) String() string { return TypeName(t) }

// ParseType reads the word for a type of values, or list(word); ok is false for any other.
// Columns and tables cannot be declared so.
func ParseType(s string) (t Type, list, ok bool) {
	if inner, found := strings.CutPrefix(s, "list("); found {
		inner, found = strings.CutSuffix(inner, ")")
		t, list, ok = ParseType(inner)
		return t, true, found && ok && !list && t != List
	}
	for t, name := range typeNames {
		if name == s && Type(t) != Column && Type(t) != Table {
			return Type(t), false, true
		}
	}
	return Any, false, false
}

// kind is a static type: that of a value, with the type of a list's items. The literal nil is missing: it fits anywhere.
type kind struct {
	Type, elem Type
	missing    bool
}

// set is a set of types.
type set uint32

func types(ts ...Type) set {
	var s set
	for _, t := range ts {
		s |= 1 << t
	}
	return s
}

func (s set) has(t Type) bool { return s&(1<<t) != 0 }

var (
	numbers   = types(Integer, Decimal)
	shares    = types(Percent, Ratio)
	figures   = numbers | shares
	moments   = types(Date, DateTime)
	times     = moments | types(Period)
	scalars   = figures | times | types(Text, Duration, Boolean)
	ordered   = scalars &^ types(Boolean)
	anything  = scalars | types(List, Map)
	countable = types(Text, List)
)

// describe names the types of a set for a message: "an integer, a decimal or a duration".
func (s set) describe() string {
	var names []string
	for t, name := range typeNames {
		if !s.has(Type(t)) {
			continue
		}
		names = append(names, article(name))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

func article(name string) string {
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// an names a type in a sentence: "an integer".
func an(t Type) string { return article(TypeName(t)) }
