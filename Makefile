# Names only; what they do is in test/run.sh and the projects.
.PHONY: all test fuzz bench validate install-servers
all:
	test/run.sh --all
test:
	test/run.sh
fuzz:
	dotnet run -c Release --project test/Weir.Fuzz
bench:
	dotnet run -c Release --project bench/Weir.Bench
validate:
	dotnet run -c Release --project bench/Weir.Bench -- validation --full
install-servers:
	test/install-servers.sh
