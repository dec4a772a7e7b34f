/*
 * read.h - from the tree of a file to the model, by the tables of schema.h
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_READ_H
#define CLI_CORE_READ_H

#include "model.h"

/**
 * Read @p root, the tree of a file, which must outlive the model. What is
 * wrong goes to @p problems; the model is complete only when there is none.
 *
 * @return 0 or ENOMEM; close the model in either case
 */
int read_model(struct model *m, const struct node *root,
               struct problems *problems);

#endif
