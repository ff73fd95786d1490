package source

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// only reads an object that stands where the list of records would: one record, such as an agent by his login.
//
// It is one if it has a declared column, and no list in it has rows that know more of them. Else the rows lie within it and the
// source says so wrongly, or it is a message: a row of it would be a wrong figure rather than an error.
func (d *decoder) only() error {
	begin := d.json.InputOffset()
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if err := d.object(&d.root, 1); err != nil {
		return err
	}
	record := d.body[begin:d.json.InputOffset()]
	known := 0
	for i := range d.fields {
		if len(d.cols[i].Valid) > d.row {
			known++
		}
	}
	if known == 0 || d.known(jsontext.NewDecoder(bytes.NewBuffer(record), jsontext.AllowDuplicateNames(true)), false) > known {
		return d.misplaced(keyRecords)
	}
	d.listed = true
	d.digest(record)
	return d.endRow()
}

// known is how many declared columns the lists within a value have at most, by the keys of their first row; counted says that
// the value is such a row. The value was read before, so that there are no errors.
func (d *decoder) known(dec *jsontext.Decoder, counted bool) (most int) {
	token, err := dec.ReadToken()
	if err != nil {
		return 0
	}
	switch token.Kind() {
	case '[':
		for first := true; dec.PeekKind() != ']' && dec.PeekKind() != 0; first = false {
			if !first {
				_ = dec.SkipValue()
				continue
			}
			most = d.known(dec, true)
		}
		_, _ = dec.ReadToken()
	case '{':
		own := 0
		for dec.PeekKind() != '}' && dec.PeekKind() != 0 {
			key, _ := dec.ReadToken()
			name := key.String()
			if _, ok := d.byPath[name]; ok {
				own++
			} else if _, ok := d.byName[name]; ok {
				own++
			}
			most = max(most, d.known(dec, false))
		}
		_, _ = dec.ReadToken()
		if counted {
			most = max(most, own)
		}
	}
	return most
}
