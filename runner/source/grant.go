package source

import (
	"context"
	"fmt"
	"net/url"
)

// Token asks for a token by r.OAuth2, for what is asked by no request: a mail server. As with rows, one is kept for the
// connection, and another one is asked for only where it is the refused one. Its address stands for the base URL. The
// error is an [*Error], or that of a stopped context.
func (c *Client) Token(ctx context.Context, r Request, refused string) (string, error) {
	r.Kind, r.BaseURL = "http", r.OAuth2.TokenURL
	base, err := url.Parse(r.BaseURL)
	if err != nil {
		return "", fmt.Errorf("read the token_url of connection %q: it is no URL", r.Connection)
	}
	conn, err := c.connection(r)
	if err != nil {
		return "", err
	}
	f := &fetch{Client: c, r: r, conn: conn, target: target{base: base, api: r.BaseURL}, secrets: newRedactor(r)}
	f.secrets.tokens = conn.tokens
	return f.token(ctx, place{}, refused)
}
