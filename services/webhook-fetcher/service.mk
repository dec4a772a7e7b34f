webhook-fetcher.pkgs := libcurl libssl
webhook-fetcher.loop := epoll
