package email

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// loginServer is what go-sasl has given up, and offices still use.
type loginServer struct {
	signIn  func(bool) error
	answers []string
}

func (s *loginServer) Next(response []byte) ([]byte, bool, error) {
	if response == nil {
		return []byte("Username:"), false, nil
	}
	if s.answers = append(s.answers, string(response)); len(s.answers) == 1 {
		return []byte("Password:"), false, nil
	}
	return nil, true, s.signIn(slices.Equal(s.answers, []string{user, password}))
}

// cramServer is RFC 2195, which go-sasl does not have.
type cramServer struct {
	signIn func(bool) error
	asked  bool
}

func (s *cramServer) Next(response []byte) ([]byte, bool, error) {
	const challenge = "<1896.697170952@mail.test>"
	if !s.asked {
		s.asked = true
		return []byte(challenge), false, nil
	}
	mac := hmac.New(md5.New, []byte(password))
	mac.Write([]byte(challenge))
	return nil, true, s.signIn(string(response) == fmt.Sprintf("%s %x", user, mac.Sum(nil)))
}

// scramServer is RFC 7677, which go-sasl does not have.
type scramServer struct {
	signIn      func(bool) error
	step        int
	bare, first string
	nonce       string
}

func (s *scramServer) Next(response []byte) ([]byte, bool, error) {
	s.step++
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	const salt, iterations = "salt-of-the-test", 4096
	switch s.step {
	case 1:
		return nil, false, nil
	case 2:
		var ok bool
		if s.bare, ok = strings.CutPrefix(string(response), "n,,"); !ok || !strings.HasPrefix(s.bare, "n="+user+",r=") {
			return nil, true, s.signIn(false)
		}
		s.nonce = s.bare[strings.Index(s.bare, "r=")+2:] + "server"
		s.first = fmt.Sprintf("r=%s,s=%s,i=%d", s.nonce, base64.StdEncoding.EncodeToString([]byte(salt)), iterations)
		return []byte(s.first), false, nil
	case 3:
		salted, err := pbkdf2.Key(sha256.New, password, []byte(salt), iterations, sha256.Size)
		if err != nil {
			return nil, true, err
		}
		without, proof, _ := strings.Cut(string(response), ",p=")
		message := s.bare + "," + s.first + "," + without
		clientKey := mac(salted, "Client Key")
		stored := sha256.Sum256(clientKey)
		signature := mac(stored[:], message)
		for i := range clientKey {
			clientKey[i] ^= signature[i]
		}
		if without != "c=biws,r="+s.nonce || proof != base64.StdEncoding.EncodeToString(clientKey) {
			return nil, true, s.signIn(false)
		}
		return []byte("v=" + base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), message))), false, nil
	}
	return nil, true, s.signIn(true)
}
