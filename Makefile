# Each command is one script in scripts/. ARGS goes through to it: make run ARGS="--port 9000"
.PHONY: run test check quick proof bench e2e clean

run:
	@sh scripts/run.sh $(ARGS)

test:
	@sh scripts/test.sh $(ARGS)

check:
	@sh scripts/check.sh

quick:
	@sh scripts/quick.sh $(ARGS)

proof:
	@sh scripts/proof.sh

bench:
	@sh scripts/bench.sh $(ARGS)

e2e:
	@sh scripts/e2e.sh $(ARGS)

clean:
	@sh scripts/clean.sh
