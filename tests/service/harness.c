/*
 * harness.c - real processes for service tests: Redis, our own, and waiting
 */
#include "service/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "loop/loop.h"
#include "unit/test.h"

enum { START_MS = 10000 };
enum { ARGS_MAX = 32 };

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

uint16_t free_port(void)
{
	struct sockaddr_in sa = loopback(0);
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(0, bind(fd, (struct sockaddr *)&sa, len));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sa, &len));
	close(fd);
	return ntohs(sa.sin_port);
}

/* In the child; does not come back. */
static void become(char *const *argv, int out, int error)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	if (error >= 0)
		dup2(error, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

static pid_t spawn(char *const *argv, int *out)
{
	int fd[2];
	pid_t pid;

	assert_int_equal(0, pipe2(fd, O_CLOEXEC));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become(argv, fd[1], fd[1]);
	close(fd[1]);
	*out = fd[0];
	return pid;
}

/* Read until `text` came or the other side closes. */
static bool read_until(int fd, const char *text)
{
	static char seen[65536];
	size_t len = 0;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	seen[0] = '\0';
	while (len < sizeof(seen) - 1 && poll(&p, 1, START_MS) == 1) {
		ssize_t n = read(fd, seen + len, sizeof(seen) - 1 - len);

		if (n <= 0)
			break;
		len += (size_t)n;
		seen[len] = '\0';
		if (text && strstr(seen, text))
			return true;
	}
	if (text)
		print_message("%s\n", seen);
	return !text;
}

void redis_server_start(struct redis_server *s, uint16_t port)
{
	char text[8];
	char *argv[] = {"redis-server", "--bind", "127.0.0.1", "--port", text,
	                "--save",       "",       "--dir",     "/tmp",   NULL};

	signal(SIGPIPE, SIG_IGN);
	s->port = port ? port : free_port();
	(void)snprintf(text, sizeof(text), "%u", s->port);
	(void)snprintf(s->url, sizeof(s->url), "redis://127.0.0.1:%u/0",
	               s->port);
	s->pid = spawn(argv, &s->out);
	assert_true(read_until(s->out, "Ready to accept connections"));
}

void redis_server_stop(struct redis_server *s)
{
	if (s->pid <= 0)
		return;
	kill(s->pid, SIGCONT);
	(void)process_stop(s->pid, SIGKILL);
	close(s->out);
	s->pid = 0;
}

void redis_cli(const struct redis_server *s, const char *words,
               const char *expect)
{
	char line[1024], port[8], *argv[ARGS_MAX] = {"redis-cli", "-p", port};
	char *save = NULL;
	int n = 3, out;
	pid_t pid;

	(void)snprintf(port, sizeof(port), "%u", s->port);
	(void)snprintf(line, sizeof(line), "%s", words);
	for (char *w = strtok_r(line, " ", &save); w && n < ARGS_MAX - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	pid = spawn(argv, &out);
	assert_true(read_until(out, expect));
	close(out);
	waitpid(pid, NULL, 0);
}

pid_t process_start(const char *path, const char *const *env)
{
	char *argv[] = {(char *)path, NULL};
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	for (; env && *env; env++)
		putenv((char *)*env);
	become(argv, -1, -1);
	return -1;
}

int process_stop(pid_t pid, int sig)
{
	int status = 0;

	kill(pid, sig);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static size_t exchange(int fd, const char *path, char *reply, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t len = 0;
	char request[512];
	int n = snprintf(request, sizeof(request),
	                 "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path);

	if (send(fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		return 0;
	while (len < size - 1 && poll(&p, 1, START_MS) == 1) {
		ssize_t got = recv(fd, reply + len, size - 1 - len, 0);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	reply[len] = '\0';
	return len;
}

int http_get(uint16_t port, const char *path, char *body, size_t size)
{
	static char reply[256 * 1024];
	struct sockaddr_in sa = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *end = NULL;
	int status = 0;

	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0 &&
	    exchange(fd, path, reply, sizeof(reply)) > 12)
		end = strstr(reply, "\r\n\r\n");
	close(fd);
	if (end) {
		status = (int)strtol(reply + strlen("HTTP/1.x "), NULL, 10);
		if (body)
			(void)snprintf(body, size, "%s", end + 4);
	}
	return status;
}

double metric_sum(uint16_t port, const char *name)
{
	static char page[256 * 1024];
	double sum = 0;

	assert_int_equal(200, http_get(port, "/metrics", page, sizeof(page)));
	for (char *line = strtok(page, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, name, strlen(name)) == 0)
			sum += strtod(strrchr(line, ' '), NULL);
	}
	return sum;
}

void wait_healthy(uint16_t port)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	uint64_t end = loop_now_ms() + START_MS;
	char body[64] = "";

	while (http_get(port, "/healthz", body, sizeof(body)) != 200 ||
	       strcmp(body, "ok\n") != 0) {
		assert_true(loop_now_ms() < end);
		nanosleep(&pause, NULL);
	}
}

struct wait {
	struct loop *loop;
	struct timer *timer;
	bool (*done)(void *arg);
	void *arg;
	uint64_t end;
	bool result;
};

static void on_wait(void *arg)
{
	struct wait *w = arg;

	w->result = w->done(w->arg);
	if (w->result || loop_now_ms() >= w->end)
		loop_stop(w->loop);
	else
		timer_start(w->timer, 1);
}

bool run_until(struct loop *loop, bool (*done)(void *arg), void *arg,
               uint32_t ms)
{
	struct wait w = {.loop = loop, .done = done, .arg = arg};

	w.end = loop_now_ms() + ms;
	assert_int_equal(0, timer_alloc(&w.timer, loop, on_wait, &w));
	timer_start(w.timer, 0);
	loop_run(loop);
	timer_free(w.timer);
	return w.result;
}
