/*
 * net.h - clocks and UDP sockets of a load generator
 *
 * What fails ends the program with a word about it: a benchmark has nothing to
 * go on with.
 */
#ifndef BENCH_NET_H
#define BENCH_NET_H

#include <stdint.h>
#include <time.h>

uint64_t net_now_us(void); /**< monotonic [us] */
uint64_t net_clock_us(clockid_t id);

/** Say what failed, with errno, and exit. */
__attribute__((noreturn)) void net_die(const char *what);

/** A non-blocking UDP socket of @p ip and @p port, connected. */
int net_open(const char *ip, unsigned port, const char *to, unsigned to_port);

/** Tell @p epoll about input on @p fd as @p number. */
void net_watch(int epoll, int fd, unsigned number);

#endif
