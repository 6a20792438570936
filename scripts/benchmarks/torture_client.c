// A client for tapedeck torture that costs as many milliseconds of processor time as its argument says. It reads an
// answer of Anthropic Messages to its end, and exits with 0 where the event that ends the message came.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

static void burn(double milliseconds) {
  struct timespec now;
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  while (now.tv_sec * 1e3 + now.tv_nsec / 1e6 < milliseconds);
}

static int ask(const char *url) {
  int port = 0;
  char prefix[4096] = "";
  if (sscanf(url, "http://127.0.0.1:%d%4095s", &port, prefix) < 1) return -1;
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  struct timeval patience = {2, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(connection, (struct sockaddr *)&address, sizeof address)) return -1;
  char request[8192];
  int count = snprintf(request, sizeof request,
                       "POST %s/v1/messages HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                       prefix, port);
  return write(connection, request, count) == count ? connection : -1;
}

static void print_text(char *answer) {
  static const char mark[] = "\"text_delta\",\"text\":\"";
  while ((answer = strstr(answer, mark))) {
    answer += sizeof mark - 1;
    char *end = strchr(answer, '"');
    if (!end) return;
    fwrite(answer, 1, end - answer, stdout);
    answer = end;
  }
}

int main(int argc, char **argv) {
  const char *url = getenv("TAPEDECK_URL");
  static char answer[ROOM + 1];
  int connection = url ? ask(url) : -1;
  if (connection < 0) return 2;
  size_t count = 0;
  ssize_t more;
  while (count < ROOM && (more = read(connection, answer + count, ROOM - count)) > 0) count += more;
  print_text(answer);
  burn(argc > 1 ? atof(argv[1]) : 0);
  return strstr(answer, "message_stop") ? 0 : 1;
}
