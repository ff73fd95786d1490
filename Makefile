# An index of what can be done here. Each line is a command that also works by itself.
.PHONY: help test race bench lint generate update fuzz

help: ## this list
	@awk -F ':|## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$NF}' Makefile

test: ## the whole test suite
	go test ./...

race: ## the same under the race detector, in random order
	go test -race -shuffle=on ./...

bench: ## a table of what fetching, decoding, transforming, rendering and starting cost; BENCH_MILLION=1 exports a million rows, too
	./.ci/bench

lint: ## vet and the linters, at the versions CI uses
	go vet ./...
	./.ci/lint

generate: ## what is made from something else
	go generate ./...

update: ## write the goldens anew; read the difference before committing it
	go test ./spec ./spec/diag ./spec/calendar ./outputs/html -update
	UPDATE=1 go test ./runner/cli -run TestScripts

fuzz: ## each fuzz target for ten seconds
	./.ci/fuzz 10s
