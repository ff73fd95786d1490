package editor_test

import (
	"slices"
	"strings"
)

// notYAML are the cases that are no YAML. Each parser stumbles over them in its own way, and goes on in its own way: that
// both say something is all that is asked.
var notYAML = []string{
	"broken-beside-secret", "broken-yaml", "for-each-trap", "odd-indentation", "tab", "text-behind-secret", "unclosed-double-quote",
}

// codes are the faults that no schema can tell, with the reason.
var codes = []struct{ reason, codes string }{
	{"how a text is written is read by the program", `bad-address bad-duration bad-file-name bad-fiscal-year bad-format bad-key
		bad-layout bad-name bad-object-name bad-path bad-rate bad-records bad-sheet-name bad-size bad-state-location bad-subject bad-system bad-time
		bad-total bad-url empty-range impossible-date invalid-slice leading-zero not-before-hours plain-http
		range-of-now unfinished-range unknown-format unknown-timezone unknown-unit unknown-word unsafe-method`},
	{"to a schema an expression is a text", `bad-expression name-unavailable not-marked odd-value open-secret percentile-of-averages
		unknown-function unknown-name unknown-variable wrong-scale`},
	{"columns are made by steps, and found in the data", `column-taken cut-before-compare duplicate-column label-column labels-without-column
		no-label no-total not-drawn nothing-to-compare one-series slice-cuts-buckets split-without-column unclear-grain unknown-column
		unknown-comparison wrong-align wrong-fill wrong-grain wrong-sort wrong-split wrong-total wrong-values`},
	{"datasets may have been added since the schema was made", `datasets-in-circle nothing-to-split union-before-compare union-twice
		unknown-dataset which-dataset`},
	{"it shows beside something that stands elsewhere", `attachment-twice domain-not-allowed moved-across moved-from-here
		moved-in-circle moved-twice nothing-to-catch-up path-without-each path-without-range path-without-split project-missing
		same-object same-path same-sheet unknown-address unknown-parameter`},
	{"it comes from outside of the file", `bad-picture bad-template missing-file missing-variable no-template outside-folder too-many-instances
		too-many-values wrong-variable`},
	{"one key excludes another, or needs it, by its value", `asks-nothing body-of-get copies-of-individual-mails filter-twice
		key-without-effect missing-oauth2 missing-system missing-username no-delimiter no-range-to-slice no-second-axis path-without-json
		sheets-in-template split-beside-for-each steps-behind-notice two-sign-ins two-systems`},
	{"YAML allows it", "empty-file second-document"},
}

// inCases are the faults of a code that the server tells in other cases, and not in these.
var inCases = []struct{ code, cases, reason string }{
	{"wrong-type", "averages-summed check-is-no-condition check-types fill-and-top join-mistakes kpi-is-a-column percentiles pivot presentation sum-of wrong-type-in-derive wrong-type-in-where", "it is the type of an expression or of a column"},
	{"wrong-type", "filter-of-wrong-computed-type for-each-computed substituted-value-is-checked", "the value is computed"},
	{"wrong-type", "for-each-mixed-keys for-each-mixed-list for-each-no-keys-in-list for-each-wrong-type", "the values of for_each are compared with one another, or used elsewhere"},
	{"wrong-type", "values-of-another values-that-do-not-fit", "what values may be says a filter that is named beside them"},
	{"wrong-filter", "values-that-do-not-fit", "what values may be says a filter that is named beside them"},
	{"bad-value", "percentiles", "it stands in an expression"},
	{"duplicate-key", "for-each-twice", "a key is compared with the keys of a list"},
	{"duplicate-value", "values-twice", "the labels are compared"},
	{"empty-value", "for-each-nested-nothing", "YAML allows it"},
	{"literal-secret", "literal-secrets secret-variable-with-default wrong-auth wrong-requests password-in-address", "a name says that it is a secret, or a text is looked into"},
	{"literal-secret", "smtp-oauth2", "what is the same for two values of a line the server says once"},
	{"missing-key", "presentation", "a threshold has bounds of two sides"},
	{"too-many-keys", "from-mistakes wrong-paging", "the order of keys is not seen: the server points at the other one"},
	{"too-many-keys", "pivot", "the keys are a user's own"},
	{"two-commas", "file-formats", "one value is compared with another"},
	{"unknown-source", "many-faults-at-once typo-source", "validate points into the value"},
}

// elsewhere are places at which the server alone says something.
var elsewhere = map[string]string{
	"advice.yaml:15:39":              "an unknown key may be meant for the missing one, and then is all that validate says",
	"values-unknown-keys.yaml:10:39": "an unknown key may be meant for the missing one, and then is all that validate says",
	"billion-laughs.yaml:2:1":        "validate goes no further than the bound of aliases",
	"billion-laughs.yaml:11:6":       "validate goes no further than the bound of aliases",
	"from-mistakes.yaml:20:11":       "the order of keys is not seen: validate points at the other one",
	"wrong-paging.yaml:8:37":         "the order of keys is not seen: validate points at the other one",
	"many-faults-at-once.yaml:11:17": "validate points into the value",
	"requires-unknown.yaml:17:7":     "validate looks no further where the source is at fault",
	"typo-source.yaml:10:17":         "validate points into the value",
}

// unseen says why the server does not find a fault, and the entry that says it; both are empty where it must.
func unseen(name, code string) (reason, key string) {
	for _, g := range codes {
		if slices.Contains(strings.Fields(g.codes), code) {
			return g.reason, code
		}
	}
	for _, e := range inCases {
		if e.code == code && strings.Contains(" "+e.cases+" ", " "+strings.TrimSuffix(name, ".yaml")+" ") {
			return e.reason, code + " in " + strings.TrimSuffix(name, ".yaml")
		}
	}
	return "", ""
}

// entries are all of the tables', by key.
func entries() map[string]bool {
	out := map[string]bool{}
	for _, name := range notYAML {
		out[name+".yaml"] = true
	}
	for _, g := range codes {
		for code := range strings.FieldsSeq(g.codes) {
			out[code] = true
		}
	}
	for _, e := range inCases {
		for name := range strings.FieldsSeq(e.cases) {
			out[e.code+" in "+name] = true
		}
	}
	for at := range elsewhere {
		out[at] = true
	}
	return out
}
