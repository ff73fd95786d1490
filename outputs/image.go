package outputs

// Image is a picture that the definition brings along.
type Image struct {
	// Data are its bytes, of the type that MediaType says: image/png, image/jpeg or image/gif.
	Data      []byte
	MediaType string
	// Alt says what the picture shows, for readers who do not see it; empty for a mere ornament.
	Alt string
	// Width in CSS pixels (1/96 inch); 0 means the picture's own, no wider than the medium.
	Width int
}

func (Image) block() {}
