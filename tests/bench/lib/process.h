/*
 * process.h - processes that are measured, and where they run
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <sys/types.h>

void process_pin(int core);  /**< this one runs on that core only */
void process_pin_last(void); /**< apart from what is measured     */
/** Run a program on the first core. */
pid_t process_start(char *const *argv);

#endif
