/*
 * check.h - would this TwiML Bin render, and to XML?
 *
 * Rendered without parameters a section `{{#x}}…{{/x}}` is empty, so what stands in
 * one is checked as a template only. What is no template, as the Twiml of a call, is
 * checked alone.
 */
#ifndef TWIML_BIN_CHECK_H
#define TWIML_BIN_CHECK_H

struct bin_problem {
	unsigned line;  /**< of the bin, from 1 */
	char text[160]; /**< "it begins with <Foo>; …" */
};

/** @return 0, EINVAL and @p problem, or ENOMEM and @p problem */
int bin_check(const char *twiml, struct bin_problem *problem);

/** Is this XML that begins with <Response>? @return 0, or EINVAL and @p problem */
int bin_check_document(const char *twiml, struct bin_problem *problem);

#endif
