/*
 * flood.c - a source that asks for everything at once (hardening D01)
 *
 *     flood ADDRESS PORT OWN-IP PACKETS/S SECONDS
 *
 * REGISTER, INVITE and OPTIONS of random users, at a steady rate, from one
 * address. Prints what was sent and how many answers came: the edge may send
 * TRESTLE_SIP_ANSWER_RATE of its own a second, the rest is work it did.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/net.h"

enum { BURST_US = 1000, TEXT_MAX = 1024 };

struct flood {
	int fd;
	uint64_t rate, seconds, sent, unsent, answers;
	uint64_t random;
};

static unsigned long long any(struct flood *f)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return f->random;
}

static void say(struct flood *f)
{
	static const char *const methods[] = {"REGISTER", "INVITE", "OPTIONS"};
	const char *method = methods[any(f) % 3];
	unsigned long long user = any(f);
	char text[TEXT_MAX];
	int n = snprintf(text, sizeof(text),
	                 "%s sip:%llx@flood.example SIP/2.0\r\n"
	                 "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK%llx;"
	                 "rport\r\nMax-Forwards: 70\r\n"
	                 "From: <sip:%llx@flood.example>;tag=%llx\r\n"
	                 "To: <sip:%llx@flood.example>\r\n"
	                 "Call-ID: %llx\r\nCSeq: 1 %s\r\n"
	                 "Contact: <sip:%llx@192.0.2.1>\r\n"
	                 "Content-Length: 0\r\n\r\n",
	                 method, user, any(f), user, any(f), user, any(f),
	                 method, user);

	if (send(f->fd, text, (size_t)n, MSG_DONTWAIT) == n)
		f->sent++;
	else
		f->unsent++;
}

static void hear(struct flood *f)
{
	char text[TEXT_MAX];

	while (recv(f->fd, text, sizeof(text), MSG_DONTWAIT) > 0)
		f->answers++;
}

static void run(struct flood *f)
{
	const struct timespec pause = {.tv_nsec = BURST_US * 1000L};
	uint64_t began = net_now_us(), spent = 0, due;

	while (spent < f->seconds * 1000000) {
		due = spent * f->rate / 1000000;
		while (f->sent + f->unsent < due)
			say(f);
		hear(f);
		(void)nanosleep(&pause, NULL);
		spent = net_now_us() - began;
	}
}

static int open_socket(const char *own, const char *to, const char *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || inet_pton(AF_INET, own, &a.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    inet_pton(AF_INET, to, &a.sin_addr) != 1)
		return -1;
	a.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	return connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 ? fd : -1;
}

int main(int argc, char **argv)
{
	struct flood f = {.random = net_now_us() | 1};

	if (argc != 6) {
		puts("flood ADDRESS PORT OWN-IP PACKETS/S SECONDS");
		return 0;
	}
	f.fd = open_socket(argv[3], argv[1], argv[2]);
	if (f.fd < 0) {
		perror("socket");
		return 1;
	}
	f.rate = strtoul(argv[4], NULL, 10);
	f.seconds = strtoul(argv[5], NULL, 10);
	run(&f);
	printf("  %llu packets in %llu s (%llu not taken), %llu answers\n",
	       (unsigned long long)f.sent, (unsigned long long)f.seconds,
	       (unsigned long long)f.unsent, (unsigned long long)f.answers);
	return 0;
}
