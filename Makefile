# Names only; what they do is in test/run.sh and the projects.
.PHONY: all test fuzz bench install-servers
all:
	test/run.sh --all
test:
	test/run.sh
fuzz:
	dotnet run -c Release --project test/Weir.Fuzz
bench:
	dotnet run -c Release --project bench/Weir.Bench
install-servers:
	test/install-servers.sh
