# Each command is one script in scripts/. ARGS goes through to it: make run ARGS="--port 9000"
.PHONY: run dev test check quick proof bench e2e screens clean

run:
	@sh scripts/run.sh $(ARGS)

dev:
	@sh scripts/dev.sh $(ARGS)

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

screens:
	@sh scripts/screens.sh $(ARGS)

clean:
	@sh scripts/clean.sh
