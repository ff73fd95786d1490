package cli_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// ownRows is how many rows each of the own API's endpoints has, and ownPage how many of them a page.
const (
	ownRows = 25
	ownPage = 10
)

// ownToken begins every token that the own API gives.
const ownToken = "żeton-5521-"

// ownRow is a row, with an id that is a text, an amount within another object, and a list.
func ownRow(i int) string {
	return fmt.Sprintf(`{"id":"%03d","amount":{"gross":"%d.50"},"tags":["a","b%d"]}`, i, i, i)
}

// ownList are the rows from one up to another, within what there is.
func ownList(from, until int) string {
	var rows []string
	for i := from; i < min(until, ownRows); i++ {
		rows = append(rows, ownRow(i))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// ownAPI gives the same rows in every way that a source can be described.
func ownAPI() http.Handler {
	mux := http.NewServeMux()
	number := func(r *http.Request, name string, or int) int {
		n, err := strconv.Atoi(r.URL.Query().Get(name))
		if err != nil {
			return or
		}
		return n
	}
	mux.HandleFunc("/offset", func(w http.ResponseWriter, r *http.Request) {
		from := number(r, "skip", 0)
		fmt.Fprintf(w, `{"meta":{"all":%d},"rows":%s}`, ownRows, ownList(from, from+number(r, "take", 1)))
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {
		p := number(r, "page", -1)
		fmt.Fprint(w, ownList(p*ownPage, (p+1)*ownPage))
	})
	mux.HandleFunc("/cursor", func(w http.ResponseWriter, r *http.Request) {
		from := number(r, "after", 0)
		next := `"` + strconv.Itoa(from+ownPage) + `"`
		if from+ownPage >= ownRows {
			next = "null"
		}
		fmt.Fprintf(w, `{"rows":%s,"page":{"next":%s}}`, ownList(from, from+ownPage), next)
	})
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		from := number(r, "from", 0)
		if from+ownPage < ownRows {
			w.Header().Set("Link", fmt.Sprintf(`<?from=0>; rel="first", <?from=%d>; rel="next"`, from+ownPage))
		}
		fmt.Fprint(w, ownList(from, from+ownPage))
	})
	mux.HandleFunc("/next", func(w http.ResponseWriter, r *http.Request) {
		from, next := number(r, "from", 0), "null"
		if from+ownPage < ownRows {
			next = fmt.Sprintf(`"http://%s/own/next?from=%d"`, r.Host, from+ownPage)
		}
		fmt.Fprintf(w, `{"rows":%s,"next":%s}`, ownList(from, from+ownPage), next)
	})
	mux.HandleFunc("/search", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Query struct {
				Tags []string `json:"tags"`
			} `json:"query"`
			Fields []string `json:"fields"`
			Skip   int      `json:"skip"`
			Take   int      `json:"take"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Method != http.MethodPost || len(body.Query.Tags) != 2 || len(body.Fields) != 1 {
			http.Error(w, "want a POST with query.tags and fields", http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, `{"rows":%s}`, ownList(body.Skip, body.Skip+body.Take))
	})
	mux.HandleFunc("/lines", func(w http.ResponseWriter, _ *http.Request) {
		for i := range ownRows {
			fmt.Fprintln(w, ownRow(i))
		}
	})
	mux.HandleFunc("/csv", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "\xef\xbb\xbfid;amount.gross;tags\r\n")
		for i := range ownRows {
			fmt.Fprintf(w, "%03d;%d.50;\"a, b%d\"\r\n", i, i, i)
		}
	})
	mux.HandleFunc("/packed", func(w http.ResponseWriter, _ *http.Request) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := io.WriteString(z, ownList(0, ownRows))
		if err := errors.Join(err, z.Close()); err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/gzip")
		_, _ = w.Write(packed.Bytes())
	})
	var odd atomic.Int32
	mux.HandleFunc("/rules", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case odd.Add(1) == 1:
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"error":"still counting"}`)
		case r.URL.Query().Get("kind") == "none":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":"no_rows"}`)
		case r.URL.Query().Get("kind") == "broken":
			fmt.Fprint(w, `{"error":"over quota","rows":[]}`)
		default:
			fmt.Fprintf(w, `{"rows":%s}`, ownList(0, ownRows))
		}
	})
	mux.HandleFunc("/by-header", behind(func(r *http.Request) bool { return r.Header.Get("X-Api-Key") == apiPassword }))
	mux.HandleFunc("/by-query", behind(func(r *http.Request) bool { return r.URL.Query().Get("key") == apiPassword }))
	mux.HandleFunc("/by-basic", behind(func(r *http.Request) bool { _, p, _ := r.BasicAuth(); return p == apiPassword }))
	tokens(mux)
	return mux
}

// behind gives the rows to those who say who they are, and quotes what the others sent.
func behind(known func(*http.Request) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !known(r) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"errors":[{"message":"not you: %s %s"}]}`, r.URL.RawQuery, r.Header)
			return
		}
		fmt.Fprint(w, ownList(0, ownRows))
	}
}

// tokens gives tokens, each of which is good for two requests.
func tokens(mux *http.ServeMux) {
	var given, used atomic.Int32
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		if id != "reports" || secret != url.QueryEscape(apiPassword) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client"}`)
			return
		}
		used.Store(0)
		fmt.Fprintf(w, `{"access_token":"%s%d","token_type":"Bearer","expires_in":3600}`, ownToken, given.Add(1))
	})
	mux.HandleFunc("/by-token", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer %s%d", ownToken, given.Load()) || used.Add(1) > 2 {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		from, err := strconv.Atoi(r.URL.Query().Get("skip"))
		if err != nil {
			from = 0
		}
		fmt.Fprintf(w, `{"all":%d,"rows":%s}`, ownRows, ownList(from, from+ownPage))
	})
}

// startOwnTLS serves the rows to one certificate, whose files it puts into the script's folder.
func startOwnTLS(env *testscript.Env) error {
	certificate, authority := selfSigned()
	client, clientPEM := selfSigned()
	key, err := x509.MarshalPKCS8PrivateKey(client.PrivateKey)
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"tls/ca.pem": authority, "tls/client.pem": clientPEM, "tls/client.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	} {
		to := filepath.Join(env.WorkDir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, data, 0o600)); err != nil {
			return err
		}
	}
	server := httptest.NewUnstartedServer(behind(func(r *http.Request) bool {
		return len(r.TLS.PeerCertificates) == 1 && bytes.Equal(r.TLS.PeerCertificates[0].Raw, client.Certificate[0])
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	env.Defer(server.Close)
	env.Setenv("OWN_TLS", server.URL)
	return nil
}
