// claim.mjs - whose is the request that was last sent to a thread?
//
// One number in memory that the pool and the thread share. The pool offers a
// request, the thread takes it when it comes to it; of a thread that is busy
// the pool takes it back and gives it to another one. Never do both have it.
export const IDLE = 0;
export const OFFERED = 1;
export const TAKEN = 2;
