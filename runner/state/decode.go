package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// version is of the records that this program writes and understands.
const version = 1

// DamagedError says that a record cannot be trusted. It is refused and never overwritten:
// what it said about a delivery is not known.
type DamagedError struct{ Where, Reason string }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("state record %s is damaged: %s; restore it from a backup, since without it a delivery could be made twice", e.Where, e.Reason)
}

// rootLost is why a state is damaged that has records and no root.
const rootLost = "it is missing, and there are records"

// NewerError says that a record was written by a newer program.
type NewerError struct {
	Where   string
	Version int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("state record %s has version %d, and this program knows versions up to %d: use a newer reportform", e.Where, e.Version, version)
}

// DecodeRecord reads a record; where names it in errors.
func DecodeRecord(where string, data []byte) (Record, error) {
	var r Record
	if err := decodeStrict(where, data, &r, func() int { return r.Version }); err != nil {
		return Record{}, err
	}
	switch r.Kind {
	case Claimed, Intended, Delivered, Failed, InDoubt, Skipped, Forgotten, Resend, Parts:
	default:
		return Record{}, &DamagedError{Where: where, Reason: fmt.Sprintf("its kind %q is unknown", r.Kind)}
	}
	if r.At.IsZero() {
		return Record{}, &DamagedError{Where: where, Reason: "it has no time"}
	}
	return r, nil
}

// decodeRecords reads a key's records by the names that were found in its folder, in their order.
// A gap means that something was lost.
func decodeRecords(folder string, names []string, read func(name string) ([]byte, error)) ([]Record, error) {
	var out []Record
	for _, name := range names {
		where := folder + "/" + name
		if want := recordName(len(out) + 1); name != want {
			return nil, &DamagedError{Where: where, Reason: "the record before it, " + want + ", is missing"}
		}
		data, err := read(name)
		if err != nil {
			return nil, err
		}
		r, err := DecodeRecord(where, data)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// DecodeRoot reads a root record; where names it in errors.
func DecodeRoot(where string, data []byte) (Root, error) {
	var r Root
	if err := decodeStrict(where, data, &r, func() int { return r.Version }); err != nil {
		return Root{}, err
	}
	if r.Lineage == "" || r.Salt == "" {
		return Root{}, &DamagedError{Where: where, Reason: "lineage or salt is missing"}
	}
	return r, nil
}

// decodeStrict looks at the version first, so that a newer record with keys unknown here is called newer, not damaged.
func decodeStrict(where string, data []byte, into any, got func() int) error {
	var v struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return &DamagedError{Where: where, Reason: "it is not a JSON object"}
	}
	if v.Version > version {
		return &NewerError{Where: where, Version: v.Version}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &DamagedError{Where: where, Reason: strings.TrimPrefix(err.Error(), "json: ")}
	}
	if _, err := d.Token(); err != io.EOF {
		return &DamagedError{Where: where, Reason: "something follows the record"}
	}
	if got() != version {
		return &DamagedError{Where: where, Reason: "it has no version"}
	}
	return nil
}
