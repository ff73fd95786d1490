package outputs

import "errors"

// InDoubt is the error of a delivery that may or may not have happened: the connection broke after the message
// was handed over and before the answer.
type InDoubt struct{ Err error }

func (e *InDoubt) Error() string { return e.Err.Error() }

// Unwrap returns what broke.
func (e *InDoubt) Unwrap() error { return e.Err }

// IsInDoubt reports whether err says that nobody can know whether the delivery happened.
func IsInDoubt(err error) bool {
	var d *InDoubt
	return errors.As(err, &d)
}
