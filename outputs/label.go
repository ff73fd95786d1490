package outputs

import "github.com/reportform/reportform/runner/table"

// Label turns a key into words for a reader, where nobody gave it any: answer_rate becomes "Answer rate".
func Label(key string) string { return table.Title(key) }
