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

// Temporary is the error of a delivery that came to nothing, where the server says that trying again may do.
type Temporary struct{ Err error }

func (e *Temporary) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Temporary) Unwrap() error { return e.Err }

// IsTemporary reports whether err says that nothing was delivered and that trying again soon may do (a 4xx answer by SMTP).
// What is in doubt is never temporary.
func IsTemporary(err error) bool {
	var t *Temporary
	return !IsInDoubt(err) && errors.As(err, &t)
}
