package xlsx

import (
	"context"
	"errors"

	"github.com/reportform/reportform/outputs"
)

func (r Renderer) fillTemplate(ctx context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	return outputs.Rendered{}, errors.New("templates are not filled yet")
}
