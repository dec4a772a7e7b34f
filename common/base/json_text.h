/*
 * json_text.h - JSON written straight into a string; jansson reads it back
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

struct strbuf;

/** Append @p s in quotes, escaped; a byte that is not of UTF-8 is written as the
 *  character of that number. */
void json_text_string(struct strbuf *b, const char *s);

/** Append `"name":"value"`, after a comma when @p b does not end with an
 *  opening bracket. */
void json_text_member(struct strbuf *b, const char *name, const char *value);
void json_text_number(struct strbuf *b, const char *name,
                      unsigned long long value);
void json_text_bool(struct strbuf *b, const char *name, int value);
/** Append a comma when @p b does not end with an opening bracket. */
void json_text_next(struct strbuf *b);
/** Append `"name":`, for a value that follows. */
void json_text_name(struct strbuf *b, const char *name);

#endif
