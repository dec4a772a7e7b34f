webhook-fetcher.pkgs := libcurl
webhook-fetcher.loop := epoll
