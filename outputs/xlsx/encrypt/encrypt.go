// Package encrypt puts a workbook under a password, as Excel does: agile encryption in a compound file (MS-OFFCRYPTO, MS-CFB).
// The same bytes under the same password come out as the same bytes.
package encrypt

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf16"

	"github.com/reportform/reportform/spec/expr"
)

const (
	// spins is how often Excel hashes a password, so that each guess costs about 50 ms.
	spins = 100_000
	// segment is how much of the package is encrypted under one initialisation vector.
	segment = 4096
	// maxPassword is what Excel's dialogue takes, in UTF-16 units.
	maxPassword = 255
)

// The purposes that keys and vectors are made for, MS-OFFCRYPTO 2.3.4.13 and 2.3.4.14.
var (
	forVerifier      = []byte{0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79}
	forVerifierHash  = []byte{0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e}
	forPackageKey    = []byte{0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6}
	forIntegrityKey  = []byte{0x5f, 0xb2, 0xad, 0x01, 0x0c, 0xb9, 0xe1, 0xf6}
	forIntegrityHash = []byte{0xa0, 0x67, 0x7f, 0x02, 0xb2, 0x2c, 0x84, 0x33}
)

// agile is Excel's own encryption since 2010 (MS-OFFCRYPTO 2.3.4.10): AES-256 in segments of 4 KB, under a key that is
// itself encrypted under the password.
type agile struct {
	// key encrypts the package, salt makes its vectors.
	key, salt []byte
	// password is the hashed password, passwordSalt what it was hashed with.
	password, passwordSalt []byte
	verifier, integrity    []byte
}

// newAgile makes keys and salts from the password and what is encrypted, where others draw them by lot: a document gives
// the same bytes each time, so that a file is known to be there already and a mail that is sent again to be the same.
//
// That is as safe as chance here. Keys and salts come from a pseudo-random function of the password, spun as often as
// Excel's own hash, and of a digest of the very bytes: a guess at the password costs as much as it does in a file of
// Excel, also for who knows the plain file, and two files share a key or a vector only when they are the same file under
// the same password. What a stranger learns from two encrypted files is whether they are equal, which is the purpose.
func newAgile(password expr.Secret, plain []byte) *agile {
	seed := spin(append([]byte("reportform "), plain...), password)
	draw := func(what string, n int) []byte {
		mac := hmac.New(sha512.New, seed)
		_, _ = io.WriteString(mac, what)
		return mac.Sum(nil)[:n]
	}
	a := &agile{
		key: draw("package key", 32), salt: draw("package salt", 16), passwordSalt: draw("password salt", 16),
		verifier: draw("verifier", 16), integrity: draw("integrity key", 64),
	}
	a.password = spin(a.passwordSalt, password)
	return a
}

// spin hashes the password with a salt, many times.
func spin(salt []byte, password expr.Secret) []byte {
	h := sha512.New()
	_, _ = h.Write(salt)
	for _, u := range utf16.Encode([]rune(password.Reveal())) {
		_, _ = h.Write([]byte{byte(u), byte(u >> 8)})
	}
	sum := h.Sum(nil)
	for i := range uint32(spins) {
		h.Reset()
		_, _ = h.Write(binary.LittleEndian.AppendUint32(nil, i))
		_, _ = h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum
}

// hashed is the hash of two byte strings.
func hashed(a, b []byte) []byte {
	sum := sha512.Sum512(append(append([]byte(nil), a...), b...))
	return sum[:]
}

// sealed encrypts data, whole blocks of it, under a key of 32 bytes.
func sealed(key, vector, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // The lengths of all keys are constants.
	}
	out := make([]byte, len(data))
	cipher.NewCBCEncrypter(block, vector[:aes.BlockSize]).CryptBlocks(out, data)
	return out
}

// underPassword encrypts data under a key that the password makes for a purpose.
func (a *agile) underPassword(purpose, data []byte) []byte {
	return sealed(hashed(a.password, purpose)[:32], a.passwordSalt, data)
}

// sealedSize is how many bytes a package of size bytes has when it is sealed: its size, then whole blocks, and so many
// that its stream is none of the small ones, which a compound file keeps in another way.
func sealedSize(size int64) int64 {
	return 8 + max((size+aes.BlockSize-1)/aes.BlockSize*aes.BlockSize, smallStream)
}

// seal writes plain, size bytes of it, as the encrypted package, and returns its integrity hash.
func (a *agile) seal(w io.Writer, plain io.Reader, size int64) ([]byte, error) {
	mac := hmac.New(sha512.New, a.integrity)
	w = io.MultiWriter(w, mac)
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(size))); err != nil {
		return nil, err
	}
	buffer := make([]byte, segment)
	left := sealedSize(size) - 8
	for i := uint32(0); left > 0; i++ {
		piece := buffer[:min(left, segment)]
		n, err := io.ReadFull(plain, piece)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return nil, err
		}
		clear(piece[n:])
		vector := hashed(a.salt, binary.LittleEndian.AppendUint32(nil, i))
		if _, err := w.Write(sealed(a.key, vector, piece)); err != nil {
			return nil, err
		}
		left -= int64(len(piece))
	}
	return mac.Sum(nil), nil
}

// info is the stream that says how the package is encrypted. It is XML behind the version 4.4.
func (a *agile) info(integrity []byte) []byte {
	const how = `saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"`
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Appendf([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\r\n"+
		`<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">`+
		`<keyData %s saltValue="%s"/><dataIntegrity encryptedHmacKey="%s" encryptedHmacValue="%s"/>`+
		`<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">`+
		`<p:encryptedKey spinCount="%d" %s saltValue="%s" encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"/>`+
		`</keyEncryptor></keyEncryptors></encryption>`,
		how, b64(a.salt), b64(sealed(a.key, hashed(a.salt, forIntegrityKey), a.integrity)), b64(sealed(a.key, hashed(a.salt, forIntegrityHash), integrity)),
		spins, how, b64(a.passwordSalt), b64(a.underPassword(forVerifier, a.verifier)),
		b64(a.underPassword(forVerifierHash, hashed(a.verifier, nil))), b64(a.underPassword(forPackageKey, a.key)))
}

// File replaces the workbook at path by itself under a password; where it cannot, no workbook is left. Errors never
// quote the password.
func File(path string, password expr.Secret) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("encrypt the workbook: %w", err), os.Remove(path))
		}
	}()
	if n := len(utf16.Encode([]rune(password.Reveal()))); n > maxPassword {
		return fmt.Errorf("the password has %d characters, and Excel takes at most %d", n, maxPassword)
	}
	plain, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = plain.Close() }()
	digest := sha512.New()
	size, err := io.Copy(digest, plain)
	if err != nil {
		return err
	}
	if _, err := plain.Seek(0, io.SeekStart); err != nil {
		return err
	}
	secret := path + ".sealed"
	if err := newAgile(password, digest.Sum(nil)).write(secret, plain, size); err != nil {
		return err
	}
	return os.Rename(secret, path)
}

// write makes the encrypted file at path. What is not whole is removed.
func (a *agile) write(path string, plain io.Reader, size int64) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	c, err := newCompound(sealedSize(size))
	if err != nil {
		return err
	}
	// The package comes first and the description, which holds its hash, behind it; the header is written last.
	if _, err := out.Seek(sectorSize, io.SeekStart); err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(out, 1<<16)
	integrity, err := a.seal(buffered, plain, size)
	if err != nil {
		return err
	}
	if _, err := buffered.Write(c.behind(a.info(integrity))); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	_, err = out.WriteAt(c.header(), 0)
	return err
}
