/*
 * fixture.h - a Redis with tenants and a registrar, for service tests
 *
 * Domains: a.example (all defaults, users alice bob carol … in list CLa),
 * md5.example (MD5 only, same list), off.example (registration off),
 * secure.example (TLS only), idle.example (its account is suspended),
 * open.example (calls from 192.0.2.0/24 without a password), both.example
 * (calls need both), none.example (nothing may call).
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdint.h>

#include <sys/types.h>

#include "service/harness.h"

struct fixture {
	struct redis_server redis;
	pid_t pid;
	uint16_t sip;
	uint16_t http;
	unsigned register_rate; /* 0: as much as it likes */
};

extern struct fixture fixture;

/** Start both; returns when the registrar is healthy. */
void fixture_start(struct fixture *f);
void fixture_stop(struct fixture *f);

/* The same with `fixture`, for a group of tests */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/** The account gets the realm acme, and a domain new.example beside it. */
void fixture_add_realm(const struct fixture *f);

/** The registrar alone: SIGKILL it, start it on the same port. */
void fixture_kill_registrar(struct fixture *f);
void fixture_start_registrar(struct fixture *f);

/** Write the tenants (again). */
void fixture_load(const struct fixture *f);

/** Add a user with password "pw-<user>" to list CLa for all domains; nobody is
 *  told of the change. */
void fixture_add_user(const struct fixture *f, const char *user);

#endif
