package outputs

import (
	"context"
	"net/mail"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// Target is a destination with all its expressions evaluated: what an Output is made from. One of File and Mail is set.
type Target struct {
	File *FileTarget
	Mail *MailTarget
}

// FileTarget is a file beneath a folder.
type FileTarget struct {
	Root string // the configuration's folder
	Path string // slash-separated, relative to Root; its ending is the format
	// Data says how rows are written where the format is one for programs.
	Data DataFormat
	// Replaces is the digest of a file that may be written over: a rehearsal's own, or what a run left that died
	// before it could record it. Any other that differs is refused.
	Replaces Digest
}

// MailTarget is a message to be. One of Server and Outbox is set.
type MailTarget struct {
	From        *mail.Address
	To, Cc, Bcc []*mail.Address
	ReplyTo     *mail.Address
	// BounceTo is who mail servers further on tell of what they cannot deliver; nil means From.
	BounceTo *mail.Address
	// Individually: everybody in To gets a message of their own, which names nobody else. There is no Cc and no Bcc then.
	Individually bool
	// Served are addresses that are named in the headers and left out of the envelope: they have the mail already,
	// or were refused for good.
	Served  []string
	Subject string
	// Attachments go along in this order.
	Attachments []Attachment
	// MaxSize bounds the message in bytes; 0 means no bound but the server's own SIZE.
	MaxSize int64
	// Oversize are the steps that are taken one after the other for a message above MaxSize.
	Oversize []string
	// Notices are said in this mail alone, before the document's own.
	Notices []string
	// Elsewhere are files in which the report can be had beside the mail; a notice names them.
	Elsewhere []string
	Server    *MailServer
	Outbox    *Folder // for .eml files
}

// The steps by which a message is made to fit.
const (
	OversizeZip    = "zip"    // the attachments go along in one .zip file
	OversizeSplit  = "split"  // they are spread over several messages
	OversizeNotice = "notice" // they stay behind, and the message says so
)

// Attachment is a file that goes along with a mail.
type Attachment struct {
	// Name is what readers save it as; its ending is the format.
	Name string
	// Data says whose rows are in it and how they are written. Without a dataset it is the workbook.
	Data DataFormat
}

// Folder is a folder beneath another one, made when it is needed.
type Folder struct {
	Root string
	Path string // slash-separated, relative to Root
}

// MailServer is how a message is handed over by SMTP.
type MailServer struct {
	Host     string
	Port     int
	Security string // starttls, tls, none
	// AllowPlaintext lets Security none reach a server that is not on this machine. Credentials stay refused there.
	AllowPlaintext bool
	Auth           string // auto, plain, login, cram-md5, scram-sha-256, xoauth2, none
	Username       string
	Password       expr.Secret
	// Token asks for the token that xoauth2 shows: the same one within a run, and another one than refused. Nil where no
	// token is to be had.
	Token   func(ctx context.Context, refused string) (string, error)
	Timeout time.Duration
	CAs     []byte // PEM, beside the system's roots
}

// StandardPort is the port that is dialled: Port, or where it is 0 the usual one for Security; 0 for a word that is none.
func (m MailServer) StandardPort() int {
	if m.Port != 0 {
		return m.Port
	}
	return map[string]int{"starttls": 587, "tls": 465, "none": 25}[m.Security]
}

// Kinds makes the output for a target; the program's table of kinds.
type Kinds func(Target) (Output, error)
