package expr

// Definitions may be hostile: an expression is bounded in its text, its tree and in what it can make.
const (
	// maxExpression is the most runes of one expression.
	maxExpression = 8192
	// maxNodes is the most parts of one expression.
	maxNodes = 2000
	// maxDepth is how deep brackets may nest.
	maxDepth = 64
	// maxText is the most bytes of a computed text.
	maxText = 1 << 20
	// maxItems is the most items of a computed list.
	maxItems = 10000
	// maxPattern is the most bytes of a regular expression.
	maxPattern = 1000
)
