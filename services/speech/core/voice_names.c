/*
 * voice_names.c - the names of Amazon Polly's voices, for the documents that
 * ask for one: what language it speaks and whether it is a woman's voice
 */
#include "core/voice_names.h"

#include <stddef.h>
#include <string.h>

// clang-format off
static const struct voice_name names[] = {
	{"Aditi", "en-IN", true}, {"Adriano", "it-IT", false},
	{"Amy", "en-GB", true}, {"Andres", "es-MX", false},
	{"Aria", "en-NZ", true}, {"Arlet", "ca-ES", true},
	{"Arthur", "en-GB", false}, {"Astrid", "sv-SE", true},
	{"Ayanda", "en-ZA", true}, {"Bianca", "it-IT", true},
	{"Brian", "en-GB", false}, {"Burcu", "tr-TR", true},
	{"Camila", "pt-BR", true}, {"Carla", "it-IT", true},
	{"Carmen", "ro-RO", true}, {"Celine", "fr-FR", true},
	{"Chantal", "fr-CA", true}, {"Conchita", "es-ES", true},
	{"Cristiano", "pt-PT", false}, {"Daniel", "de-DE", false},
	{"Danielle", "en-US", true}, {"Dora", "is-IS", true},
	{"Elin", "sv-SE", true}, {"Emma", "en-GB", true},
	{"Enrique", "es-ES", false}, {"Ewa", "pl-PL", true},
	{"Filiz", "tr-TR", true}, {"Gabrielle", "fr-CA", true},
	{"Geraint", "en-GB-WLS", false}, {"Giorgio", "it-IT", false},
	{"Gregory", "en-US", false}, {"Gwyneth", "cy-GB", true},
	{"Hala", "ar-AE", true}, {"Hannah", "de-AT", true},
	{"Hans", "de-DE", false}, {"Hiujin", "yue-CN", true},
	{"Ida", "nb-NO", true}, {"Ines", "pt-PT", true},
	{"Isabelle", "fr-BE", true}, {"Ivy", "en-US", true},
	{"Jacek", "pl-PL", false}, {"Jan", "pl-PL", false},
	{"Jasmine", "en-SG", true}, {"Jihye", "ko-KR", true},
	{"Jitka", "cs-CZ", true}, {"Joanna", "en-US", true},
	{"Joey", "en-US", false}, {"Justin", "en-US", false},
	{"Kajal", "en-IN", true}, {"Karl", "is-IS", false},
	{"Kazuha", "ja-JP", true}, {"Kendra", "en-US", true},
	{"Kevin", "en-US", false}, {"Kimberly", "en-US", true},
	{"Laura", "nl-NL", true}, {"Lea", "fr-FR", true},
	{"Liam", "fr-CA", false}, {"Lisa", "nl-BE", true},
	{"Liv", "nb-NO", true}, {"Lotte", "nl-NL", true},
	{"Lucia", "es-ES", true}, {"Lupe", "es-US", true},
	{"Mads", "da-DK", false}, {"Maja", "pl-PL", true},
	{"Marlene", "de-DE", true}, {"Mathieu", "fr-FR", false},
	{"Matthew", "en-US", false}, {"Maxim", "ru-RU", false},
	{"Mia", "es-MX", true}, {"Miguel", "es-US", false},
	{"Mizuki", "ja-JP", true}, {"Naja", "da-DK", true},
	{"Niamh", "en-IE", true}, {"Nicole", "en-AU", true},
	{"Ola", "pl-PL", true}, {"Olivia", "en-AU", true},
	{"Patrick", "en-US", false}, {"Pedro", "es-US", false},
	{"Penelope", "es-US", true}, {"Raul", "es-ES", false},
	{"Raveena", "en-IN", true}, {"Remi", "fr-FR", false},
	{"Ricardo", "pt-BR", false}, {"Ruben", "nl-NL", false},
	{"Russell", "en-AU", false}, {"Ruth", "en-US", true},
	{"Sabrina", "de-CH", true}, {"Salli", "en-US", true},
	{"Seoyeon", "ko-KR", true}, {"Sergio", "es-ES", false},
	{"Sofie", "da-DK", true}, {"Stephen", "en-US", false},
	{"Suvi", "fi-FI", true}, {"Takumi", "ja-JP", false},
	{"Tatyana", "ru-RU", true}, {"Thiago", "pt-BR", false},
	{"Tomoko", "ja-JP", true}, {"Vicki", "de-DE", true},
	{"Vitoria", "pt-BR", true}, {"Zayd", "ar-AE", false},
	{"Zeina", "arb", true}, {"Zhiyu", "cmn-CN", true},
};
// clang-format on

const struct voice_name *voice_name_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i].name) == n &&
		    strncasecmp(names[i].name, name, n) == 0)
			return &names[i];
	}
	return NULL;
}
