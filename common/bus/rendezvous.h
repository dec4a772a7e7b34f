/*
 * rendezvous.h - which of several instances a key belongs to
 *
 * Highest random weight: the instance with the highest score has the key. When
 * one comes or goes only its own keys move, and all processes agree without
 * talking. Pure.
 */
#ifndef BUS_RENDEZVOUS_H
#define BUS_RENDEZVOUS_H

#include <stdint.h>

/** Sum of a key or of the name of an instance. */
uint64_t rendezvous_sum(const char *name);

uint64_t rendezvous_score(uint64_t key_sum, uint64_t instance_sum);

#endif
