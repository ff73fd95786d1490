package source

// The ways in which requests say who asks.
const (
	authThulium = "thulium"
	authBasic   = "basic"
	authBearer  = "bearer"
	authHeader  = "header"
	authNone    = "none"
)

// authAdvice says what to check where the API does not know who asks.
var authAdvice = map[string]string{
	authThulium: "Check the connection's username and password, and that they are those of an API user, not of an agent.",
	authBasic:   "Check the username and password under the connection's auth: {basic: …}.",
	authBearer:  "Check the token under the connection's auth: {bearer: …}: it may be wrong, of another API, or have expired.",
	authHeader:  "The connection has no auth; check the values of its headers, or add the auth that the API wants.",
	authNone:    "The connection sends no credentials; add its auth, such as\n\n    auth: {bearer: \"${env.API_TOKEN}\"}",
}

// authOf is how r says who asks.
func authOf(r Request) string {
	switch basic := r.Username != "" || !r.Password.IsZero(); {
	case !r.Bearer.IsZero():
		return authBearer
	case basic && r.Kind == "http":
		return authBasic
	case basic || r.Kind != "http":
		return authThulium
	case len(r.Headers) > 0:
		return authHeader
	}
	return authNone
}
