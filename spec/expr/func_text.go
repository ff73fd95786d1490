package expr

import (
	"strings"
	"unicode/utf8"
)

var oneText = []set{types(Text)}

var textFunctions = []*function{
	{name: "text", signature: "text(x)", doc: "x as plain text, the same in every locale: 1234.5, 27:46:40, 2026-11-09.",
		params: []set{scalars}, result: Text,
		call: func(_ *machine, args []Value) (Value, error) { return TextValue(Plain(args[0])), nil }},
	{name: "format", signature: `format(x, "0.0%")`, doc: "x as a reader sees it, by a number format in Excel's notation and in the configuration's locale.",
		params: []set{scalars, types(Text)}, result: Text, localized: true, call: formatted},
	{name: "upper", signature: "upper(text)", doc: "The text in capitals.", params: oneText, result: Text, call: mapped(strings.ToUpper)},
	{name: "lower", signature: "lower(text)", doc: "The text in small letters.", params: oneText, result: Text, call: mapped(strings.ToLower)},
	{name: "trim", signature: "trim(text)", doc: "The text without white space at its ends.", params: oneText, result: Text, call: mapped(strings.TrimSpace)},
	{name: "shorten", signature: "shorten(text, 100)", doc: "The text with at most so many characters, from 1 on; of a longer one the last is an ellipsis (…).",
		params: []set{types(Text), types(Integer)}, result: Text, call: shorten},
	{name: "replace", signature: "replace(text, old, new)", doc: "The text with every old replaced by new.",
		params: []set{types(Text), types(Text), types(Text)}, result: Text, call: replace},
	{name: "split", signature: "split(text, separator)", doc: "The text's parts between separators, as a list.",
		params: []set{types(Text), types(Text)}, result: List, call: split},
	{name: "join", signature: "join(list, separator)", doc: "The items of a list as one text.",
		params: []set{types(List), types(Text)}, result: Text, call: join},
	{name: "length", signature: "length(x)", doc: "How many characters a text has, or items a list.",
		params: []set{countable}, result: Integer, call: length},
}

func mapped(f func(string) string) func(*machine, []Value) (Value, error) {
	return func(_ *machine, args []Value) (Value, error) { return bounded(f(args[0].Str)) }
}

// bounded is a text that is not longer than texts may be.
func bounded(s string) (Value, error) {
	if len(s) > maxText {
		return Value{}, errLongText
	}
	return TextValue(s), nil
}

func formatted(m *machine, args []Value) (Value, error) {
	f, err := ParseFormat(args[1].Str)
	if err != nil {
		return Value{}, &argError{1, err.Error()}
	}
	v := args[0]
	v.Sensitive = false // the call's own value is marked
	return bounded(f.Display(v, m.locale()))
}

func shorten(_ *machine, args []Value) (Value, error) {
	s, most := args[0].Str, args[1].Int
	if most < 1 {
		return Value{}, &argError{1, "A text has at least 1 character."}
	}
	if int64(utf8.RuneCountInString(s)) <= most {
		return TextValue(s), nil
	}
	var kept int64
	for i := range s {
		if kept++; kept == most {
			return TextValue(s[:i] + "…"), nil
		}
	}
	return TextValue(s), nil
}

func replace(_ *machine, args []Value) (Value, error) {
	s, from, to := args[0].Str, args[1].Str, args[2].Str
	if from == "" {
		return Value{}, &argError{1, "The text to be replaced is empty."}
	}
	if len(s)+strings.Count(s, from)*(len(to)-len(from)) > maxText {
		return Value{}, errLongText
	}
	return bounded(strings.ReplaceAll(s, from, to))
}

func split(_ *machine, args []Value) (Value, error) {
	s, sep := args[0].Str, args[1].Str
	switch n := strings.Count(s, sep); {
	case sep == "":
		return Value{}, &argError{1, "The separator is empty."}
	case n >= maxItems:
		return Value{}, errLongList
	}
	parts := strings.Split(s, sep)
	items := make([]Value, len(parts))
	for i, p := range parts {
		items[i] = TextValue(p)
	}
	return ListValue(items...), nil
}

func join(_ *machine, args []Value) (Value, error) {
	var b strings.Builder
	for i, v := range args[0].Items {
		if i > 0 {
			b.WriteString(args[1].Str)
		}
		b.WriteString(Plain(v))
		if b.Len() > maxText {
			return Value{}, errLongText
		}
	}
	return TextValue(b.String()), nil
}

func length(_ *machine, args []Value) (Value, error) {
	if args[0].Type == List {
		return IntegerValue(int64(len(args[0].Items))), nil
	}
	return IntegerValue(int64(utf8.RuneCountInString(args[0].Str))), nil
}
