package state_test

import (
	"testing"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

func TestS3(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		location := storetest.S3(t)
		return func() state.Store { return open(t, location, "") }
	})
}
