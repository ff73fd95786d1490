package expr

import "fmt"

// Secret is a string that prints as (sensitive) under every verb and encodes as such; only Reveal gives it away.
type Secret struct{ s string }

// NewSecret wraps s.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal returns the secret itself, for the one place that sends it.
func (s Secret) Reveal() string { return s.s }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.s == "" }

// Format prints (sensitive), whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(sensitive)")) }

// MarshalText encodes as (sensitive), in JSON and elsewhere.
func (Secret) MarshalText() ([]byte, error) { return []byte("(sensitive)"), nil }
