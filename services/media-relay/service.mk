media-relay.pkgs := spandsp opus speexdsp sndfile libmpg123 jansson
media-relay.loop := epoll
