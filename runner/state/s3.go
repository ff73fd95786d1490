package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/reportform/reportform/spec"
)

// S3 is a state in an object store that speaks S3:
//
//	PREFIX/root.json
//	PREFIX/records/PROJECT/ADDRESS/RANGE/000001.json
//
// A record is put under the condition that there is none of its name (If-None-Match: *): the server decides who was first.
// Credentials come from the machine, as for every program that uses the AWS SDK.
type S3 struct {
	bucket, prefix, text string
	sleep                func(ctx context.Context, d time.Duration) error
	connect              func(ctx context.Context) (*s3.Client, error)

	mu     sync.Mutex
	client *s3.Client
	root   *Root // once it was seen: it never changes
}

var _ Store = (*S3)(nil)

func openS3(l spec.Location, o Options) Store {
	s := &S3{bucket: l.Path, sleep: o.Sleep, text: "s3://" + strings.TrimSuffix(l.Path+"/"+l.Prefix, "/")}
	if l.Prefix != "" {
		s.prefix = l.Prefix + "/"
	}
	s.connect = func(ctx context.Context) (*s3.Client, error) {
		c, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(http.NewBuildableClient().WithTimeout(s3Patience)))
		if err != nil {
			return nil, fmt.Errorf("read AWS settings: %w", err)
		}
		switch {
		case l.Region != "":
			c.Region = l.Region
		case c.Region == "" && l.Endpoint == "":
			return nil, fmt.Errorf("the state %s has no region: write %s?region=eu-central-1, or set AWS_REGION", s.text, s.text)
		case c.Region == "":
			c.Region = "us-east-1" // what servers other than Amazon's expect where nothing is said
		}
		return s3.NewFromConfig(c, func(o *s3.Options) {
			if l.Endpoint != "" {
				o.BaseEndpoint = aws.String(l.Endpoint)
			}
			o.UsePathStyle = l.PathStyle
			// Other checksums than are required are not understood by every server.
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
			o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		}), nil
	}
	return s
}

// s3Patience is how long one request may take.
const s3Patience = 30 * time.Second

// String is the state as people name it.
func (s *S3) String() string { return s.text }

// open connects at the first call.
func (s *S3) open(ctx context.Context) (*s3.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client == nil {
		var err error
		if s.client, err = s.connect(ctx); err != nil {
			return nil, err
		}
	}
	return s.client, nil
}

// Root reads the root record.
func (s *S3) Root(ctx context.Context) (Root, error) {
	s.mu.Lock()
	known := s.root
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	data, err := s.get(ctx, "root.json")
	if isStatus(err, 404) && code(err) != "NoSuchBucket" {
		return Root{}, s.lost(ctx)
	}
	if err != nil {
		return Root{}, s.problem("read", err)
	}
	root, err := DecodeRoot(s.text+"/root.json", data)
	if err == nil {
		s.mu.Lock()
		s.root = &root
		s.mu.Unlock()
	}
	return root, err
}

// lost tells a state that nobody has begun from one whose root is gone: with another salt its records would no longer say
// who has a mail.
func (s *S3) lost(ctx context.Context) error {
	names, projects, err := s.list(ctx, "records/")
	switch {
	case err != nil:
		return err
	case len(names)+len(projects) > 0:
		return &DamagedError{Where: s.text + "/root.json", Reason: rootLost}
	}
	return ErrNoRoot
}

// Init creates the root record, and makes sure that the server keeps the promise that everything rests on.
func (s *S3) Init(ctx context.Context, r Root) error {
	if _, err := s.Root(ctx); err == nil {
		return ErrTaken
	} else if !errors.Is(err, ErrNoRoot) {
		return err
	}
	data := mustJSON(r)
	if err := s.create(ctx, "root.json", data); err != nil {
		return err
	}
	// The same bytes again, so that a server that overwrites does no harm.
	if err := s.put(ctx, "root.json", data); !isStatus(err, 412) {
		if err == nil {
			err = s.remove(ctx, "root.json")
		}
		return errors.Join(fmt.Errorf("the server of %s writes over what is there, though it is asked not to (If-None-Match: *): two runners could send the same report; use another server, or a newer version of it", s), err)
	}
	return nil
}

// Records reads a key's records in order.
func (s *S3) Records(ctx context.Context, k Key) ([]Record, error) {
	folder := k.folder() + "/"
	names, _, err := s.list(ctx, folder)
	if err != nil {
		return nil, err
	}
	// A key has few records; asked one after another they would take as many ways to the server and back.
	contents, errs := make([][]byte, len(names)), make([]error, len(names))
	var running sync.WaitGroup
	for i, name := range names {
		running.Go(func() { contents[i], errs[i] = s.get(ctx, folder+name) })
	}
	running.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, s.problem("read", err)
	}
	return decodeRecords(s.text+"/"+k.folder(), names, func(name string) ([]byte, error) {
		return contents[slices.Index(names, name)], nil
	})
}

// Append adds record number seq.
func (s *S3) Append(ctx context.Context, k Key, seq int, r Record) error {
	return s.create(ctx, k.folder()+"/"+recordName(seq), mustJSON(r))
}

// Keys lists the keys of a project whose address begins with prefix.
func (s *S3) Keys(ctx context.Context, project, prefix string) ([]Key, error) {
	base := "records/" + encodeName(project) + "/"
	_, addresses, err := s.list(ctx, base)
	if err != nil {
		return nil, err
	}
	var out []Key
	for _, a := range addresses {
		address, ok := decodeName(a)
		if !ok || !strings.HasPrefix(address, prefix) {
			continue
		}
		_, ranges, err := s.list(ctx, base+a+"/")
		if err != nil {
			return nil, err
		}
		for _, r := range ranges {
			if name, ok := decodeName(r); ok {
				out = append(out, Key{Project: project, Address: address, Range: name})
			}
		}
	}
	slices.SortFunc(out, Key.Compare)
	return out, nil
}

// list reads the names of files and folders in a folder, sorted, however many pages there are.
func (s *S3) list(ctx context.Context, folder string) (files, folders []string, err error) {
	client, err := s.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	base := s.prefix + folder
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &base, Delimiter: aws.String("/")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, s.problem("read", err)
		}
		for _, o := range page.Contents {
			files = append(files, strings.TrimPrefix(aws.ToString(o.Key), base))
		}
		for _, p := range page.CommonPrefixes {
			folders = append(folders, strings.TrimSuffix(strings.TrimPrefix(aws.ToString(p.Prefix), base), "/"))
		}
	}
	slices.Sort(files)
	slices.Sort(folders)
	return files, folders, nil
}

// recordLimit bounds what is read of an object, in bytes: a record has a few thousand.
const recordLimit = 4 << 20

func (s *S3) get(ctx context.Context, name string) ([]byte, error) {
	client, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	o, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + name)})
	if err != nil {
		return nil, err
	}
	defer o.Body.Close()
	data, err := io.ReadAll(io.LimitReader(o.Body, recordLimit+1))
	if err == nil && len(data) > recordLimit {
		err = &DamagedError{Where: s.text + "/" + name, Reason: "it is too large for a record"}
	}
	return data, err
}

// create puts a new object, or returns ErrTaken when one stands there.
func (s *S3) create(ctx context.Context, name string, data []byte) error {
	wait := jitter()
	uncertain := false // a request was not answered, and may have arrived
	for tries := 1; ; tries++ {
		err := s.put(ctx, name, data)
		switch {
		case err == nil:
			return nil
		case isStatus(err, 412):
			if uncertain {
				if there, err := s.get(ctx, name); err != nil {
					return s.problem("write", err)
				} else if bytes.Equal(there, data) {
					return nil
				}
			}
			return ErrTaken
		case isStatus(err, 409): // two at once: the server wants to be asked again
		case temporary(err) && ctx.Err() == nil:
			uncertain = true
		default:
			return s.problem("write", err)
		}
		if tries == maxTries {
			return s.problem("write", err)
		}
		if err := s.sleep(ctx, wait.NextBackOff()); err != nil {
			return fmt.Errorf("write state %s: %w", s, err)
		}
	}
}

// maxTries is how often a record is offered to the server.
const maxTries = 8

// put offers an object once: the SDK's own repetitions would take what arrived unanswered for somebody else's.
func (s *S3) put(ctx context.Context, name string, data []byte) error {
	client, err := s.open(ctx)
	if err != nil {
		return err
	}
	_, err = client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: aws.String(s.prefix + name), Body: bytes.NewReader(data),
		ContentLength: aws.Int64(int64(len(data))), ContentType: aws.String("application/json"), IfNoneMatch: aws.String("*"),
	}, func(o *s3.Options) { o.RetryMaxAttempts = 1 })
	return err
}

func (s *S3) remove(ctx context.Context, name string) error {
	client, err := s.open(ctx)
	if err != nil {
		return err
	}
	if _, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + name)}); err != nil {
		return s.problem("write", err)
	}
	return nil
}
