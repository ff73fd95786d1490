package state

import (
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http"
)

// isStatus reports whether a server answered with an HTTP status.
func isStatus(err error, status int) bool { return answered(err) == status }

// answered is the HTTP status of an answer; 0 where there was none.
func answered(err error) int {
	var r *http.ResponseError
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

// code is the server's own word for what is wrong: NoSuchBucket, AccessDenied.
func code(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	return ""
}

// temporary reports whether a request may succeed when it is made again: it was not answered, or the server was
// busy or broken.
func temporary(err error) bool {
	var unsent *http.RequestSendError
	status := answered(err)
	return status == 408 || status == 429 || status >= 500 || status == 0 && errors.As(err, &unsent)
}

// problem says what the SDK's error means, with what mends it.
func (s *S3) problem(verb string, err error) error {
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return err
	}
	switch {
	case code(err) == "NoSuchBucket":
		return fmt.Errorf("%s state %s: there is no bucket %q: make it first, or mend the location", verb, s, s.bucket)
	case answered(err) == 403:
		return fmt.Errorf("%s state %s: the server refuses it (%s); the credentials need s3:GetObject and s3:PutObject on %s/*, and s3:ListBucket on the bucket %q", verb, s, code(err), s.text, s.bucket)
	case answered(err) == 0 && code(err) == "":
		return fmt.Errorf("%s state %s: no answer from the server, or no credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or a role of the machine): %w", verb, s, err)
	}
	return fmt.Errorf("%s state %s: %w", verb, s, err)
}
