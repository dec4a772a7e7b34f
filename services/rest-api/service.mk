rest-api.pkgs := sndfile jansson libxml-2.0
rest-api.loop := epoll
