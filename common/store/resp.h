/*
 * resp.h - a command as Redis reads it (RESP)
 */
#ifndef STORE_RESP_H
#define STORE_RESP_H

#include <stddef.h>

/**
 * "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
 *
 * @param len  of each argument; NULL: they end with NUL
 * @param size of the command is written there
 * @return malloc()ed, without a NUL behind it; NULL when memory ran out
 */
char *resp_command(int argc, const char *const *argv, const size_t *len,
                   size_t *size);

#endif
