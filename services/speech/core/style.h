/*
 * style.h - what attributes of SSML elements do to a style
 *
 * A value that is not understood changes nothing. Pure.
 */
#ifndef SPEECH_CORE_STYLE_H
#define SPEECH_CORE_STYLE_H

#include "core/ssml.h"
#include "core/xml.h"

void style_prosody(struct style *s, const struct xml *tag);
void style_emphasis(struct style *s, const struct xml *tag);
void style_language(struct style *s, const struct xml *tag);

/** Length of the <break> that was opened [ms], at most SSML_BREAK_MAX */
uint32_t style_break_ms(const struct xml *tag);

#endif
