#include "process.h"

#include <sched.h>
#include <unistd.h>

#include "net.h"

void process_pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned)core, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

void process_pin_last(void)
{
	process_pin((int)sysconf(_SC_NPROCESSORS_ONLN) - 1);
}

pid_t process_start(char *const *argv)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	process_pin(0);
	execvp(argv[0], argv);
	net_die(argv[0]);
}
