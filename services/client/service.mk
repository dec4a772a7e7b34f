client.bin := trestle
client.pkgs := libcurl jansson
client.loop := epoll
