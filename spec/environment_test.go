package spec

import (
	"slices"
	"testing"
	"testing/fstest"
)

// A pipeline is to hand on every name that a run reads, each once, and no other.
func TestEnvironmentNames(t *testing.T) {
	t.Parallel()
	c, problems, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(`version: 1
variables:
  token: {type: text, secret: true}
  queue: {type: integer, default: 1}
connections:
  shop:
    type: http
    base_url: https://${env.SHOP_HOST}/v2
    auth: {oauth2_client_credentials: {token_url: "https://example.com/token", client_id: me, client_secret: "${env.SHOP_SECRET}"}}
    headers: {X-Key: "${env.SHOP_KEY}"}
    sources: {orders: {path: /orders, columns: {id: {type: text}}}}
  office: {type: smtp, host: smtp.example.com, username: "${env.SHOP_KEY}", password: "${env.SMTP_PASSWORD}", from: a@example.com}
reports:
  weekly:
    range: last_week
    datasets: {all: {source: shop.orders}}
    destinations: {file: {file: {path: "a-${var.queue}.xlsx"}}}
`)}}, ".", Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"REPORTFORM_VAR_token", "SHOP_HOST", "SHOP_KEY", "SHOP_SECRET", "SMTP_PASSWORD"}
	if got := c.EnvironmentNames(); !slices.Equal(got, want) {
		t.Errorf("names %v, want %v; problems: %v", got, want, problems)
	}
}
