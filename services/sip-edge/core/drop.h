/*
 * drop.h - why a message goes nowhere
 */
#ifndef EDGE_CORE_DROP_H
#define EDGE_CORE_DROP_H

enum drop {
	DROP_JUNK,         /* no SIP                                        */
	DROP_KEEPALIVE,    /* keeps a NAT binding open: normal              */
	DROP_SCANNER,      /* says that it is one                           */
	DROP_BANNED,       /* its source is banned: it was a scanner's      */
	DROP_LOST,         /* asks for domains that are not here, again     */
	DROP_RATE,         /* its source asks too much                      */
	DROP_UNANSWERABLE, /* wrong, and without a Via to answer to         */
	DROP_BAD_ACK,      /* wrong, and nobody answers an ACK              */
	DROP_BAD_RESPONSE, /* a response that can not be read               */
	DROP_FOREIGN,      /* a response to what we did not send            */
	DROP_STRANGER,     /* on the internal socket, from none of ours     */
	DROP_FLOW,         /* a response whose connection closed            */
	DROP_SEND,         /* the kernel did not take it                    */
	DROPS
};

#endif
