rest-api.pkgs := sndfile jansson
rest-api.loop := epoll
