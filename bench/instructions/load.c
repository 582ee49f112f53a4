// The backend and the client of the count, small and static so that the emulator spends its time on the proxy.
//
//   load serve PORT                                  answers /small (98 bytes) and /100kb, kept alive
//   load ask PORT CONNECTIONS REQUESTS PATH NAME     asks in a closed loop, as wrk does; with NAME counts what the
//                                                    processes of that name spent
//   load calibrate                                   work whose number of instructions is known
//
// Built twice, at different addresses: count.c tells the backend from the client and both from the proxy by them.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { connections_max = 4096, threads_max = 512, body_small = 98, body_large = 100 * 1024 };

static void must(int ok, const char *what) {
    if (!ok) { perror(what); exit(1); }
}

// What count.c looks for: a long no-operation that no compiler makes.
static inline void mark_begin(void) { __asm__ volatile(".byte 0x0f,0x1f,0x80,'W','B','E','G'" ::: "memory"); }
static inline void mark_end(void) { __asm__ volatile(".byte 0x0f,0x1f,0x80,'W','E','N','D'" ::: "memory"); }

static void watch(int poll, int fd, unsigned events, int change) {
    struct epoll_event e = { .events = events, .data.fd = fd };
    must(epoll_ctl(poll, change ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e) == 0, "epoll_ctl");
}

static struct sockaddr_in loopback(const char *port) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void no_delay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

// ---- backend: the heads and the writes (head, then sendfile) of the nginx that the bench has as its backend

static char small[512];
static int small_length;
static char large_head[512];
static int large_head_length, large_body;
static off_t sent[connections_max];  // of the large body; -1 = none under way

static void send_body(int poll, int fd) {
    while (sent[fd] < body_large) {
        if (sendfile(fd, large_body, &sent[fd], body_large - sent[fd]) <= 0) {
            must(errno == EAGAIN, "sendfile");
            watch(poll, fd, EPOLLIN | EPOLLOUT, 1);
            return;
        }
    }
    sent[fd] = -1;
}

static void answer(int poll, int fd) {
    char request[4096];
    ssize_t n = recv(fd, request, sizeof request, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) close(fd);
        return;
    }
    // One request a read is all that a proxy sends on a connection of its own.
    if (memcmp(request, "GET /s", 6) == 0) {
        must(send(fd, small, small_length, MSG_NOSIGNAL) == small_length, "send");
        return;
    }
    must(send(fd, large_head, large_head_length, MSG_NOSIGNAL) == large_head_length, "send");
    sent[fd] = 0;
    send_body(poll, fd);
}

static void serve(const char *port) {
    static char filler[body_large];
    memset(filler, 'y', sizeof filler);
    large_body = memfd_create("body", 0);
    must(write(large_body, filler, sizeof filler) == sizeof filler, "write");
    const char *begin = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 05:00:00 GMT\r\n"
                        "Content-Type: text/plain\r\n";
    small_length = sprintf(small, "%sContent-Length: %d\r\nConnection: keep-alive\r\n\r\n%.*s", begin, body_small,
                           body_small, filler);
    large_head_length = sprintf(large_head, "%sContent-Length: %d\r\nLast-Modified: Sun, 22 Nov 2026 05:00:00 GMT\r\n"
                                "Connection: keep-alive\r\nETag: \"6a000000-19000\"\r\nAccept-Ranges: bytes\r\n\r\n",
                                begin, body_large);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = loopback(port);
    must(bind(listener, (void *)&a, sizeof a) == 0 && listen(listener, 4096) == 0, "listen");
    int poll = epoll_create1(0);
    watch(poll, listener, EPOLLIN, 0);
    for (;;) {
        struct epoll_event events[256];
        int n = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                if (sent[fd] >= 0) {
                    send_body(poll, fd);
                    if (sent[fd] < 0) watch(poll, fd, EPOLLIN, 1);
                } else {
                    answer(poll, fd);
                }
                continue;
            }
            while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                must(fd < connections_max, "too many connections");
                no_delay(fd);
                sent[fd] = -1;
                watch(poll, fd, EPOLLIN, 0);
            }
        }
    }
}

// ---- processor time by thread

struct spent { int id; char name[32]; long long nanoseconds; };

static int read_text(const char *path, char *to, int size) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) return 0;
    int n = read(fd, to, size - 1);
    close(fd);
    to[n < 0 ? 0 : n] = 0;
    return n > 0;
}

static int threads_of(int process, struct spent *list, int count) {
    char path[96], text[256];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *folder = opendir(path);
    if (!folder) return count;
    for (struct dirent *d; (d = readdir(folder)) && count < threads_max;) {
        int id = atoi(d->d_name);
        snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", process, id);
        if (id == 0 || !read_text(path, text, sizeof text)) continue;
        list[count].id = id;
        list[count].nanoseconds = atoll(text);
        snprintf(path, sizeof path, "/proc/%d/task/%d/comm", process, id);
        if (read_text(path, text, sizeof text)) sscanf(text, "%31[^\n]", list[count].name);
        count++;
    }
    closedir(folder);
    return count;
}

/// Threads of every process of this name: nginx has a master and a worker.
static int threads_named(const char *name, struct spent *list) {
    int count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *d; (d = readdir(folder));) {
        char path[96], text[64];
        snprintf(path, sizeof path, "/proc/%d/comm", atoi(d->d_name));
        if (atoi(d->d_name) == 0 || !read_text(path, text, sizeof text)) continue;
        text[strcspn(text, "\n")] = 0;
        if (strcmp(text, name) == 0) count = threads_of(atoi(d->d_name), list, count);
    }
    closedir(folder);
    return count;
}

static long long total(const struct spent *list, int count) {
    long long sum = 0;
    for (int i = 0; i < count; i++) sum += list[i].nanoseconds;
    return sum;
}

static void report_threads(const struct spent *before, int b, const struct spent *after, int a, int requests) {
    for (int i = 0; i < a; i++) {
        long long spent = after[i].nanoseconds;
        for (int k = 0; k < b; k++)
            if (before[k].id == after[i].id) spent -= before[k].nanoseconds;
        if (spent / requests > 0) printf("THREAD %s %lld\n", after[i].name, spent / requests);
    }
}

// ---- client: closed loop, every connection asks the same number of times

static struct { int left; long head, body; } asked[connections_max];
static char request[256];
static int request_length;

static void ask_once(int fd) {
    asked[fd].head = asked[fd].body = 0;
    must(send(fd, request, request_length, MSG_NOSIGNAL) == request_length, "send");
}

/// True when the answer is whole. Reads 8 KiB at a time, as wrk does.
static int take(int fd) {
    char buffer[8193];
    ssize_t n = recv(fd, buffer, sizeof buffer - 1, 0);
    if (n < 0 && errno == EAGAIN) return 0;
    must(n > 0, "the proxy closed");
    if (asked[fd].head) {
        asked[fd].body -= n;
        return asked[fd].body == 0;
    }
    buffer[n] = 0;
    char *end = strstr(buffer, "\r\n\r\n"), *length = strcasestr(buffer, "\r\ncontent-length:");
    must(end && length && memcmp(buffer, "HTTP/1.1 200", 12) == 0, "a head in more than one read, or not 200");
    asked[fd].head = end + 4 - buffer;
    asked[fd].body = atol(length + 17) - (n - asked[fd].head);
    return asked[fd].body == 0;
}

static void round_of(int poll, const int *fds, int connections, int each) {
    int open = connections;
    for (int i = 0; i < connections; i++) {
        asked[fds[i]].left = each;
        ask_once(fds[i]);
    }
    while (open > 0) {
        struct epoll_event events[1024];
        int n = epoll_wait(poll, events, 1024, 20000);
        must(n > 0, "no answer within 20 s");
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (!take(fd)) continue;
            if (--asked[fd].left > 0) ask_once(fd);
            else open--;
        }
    }
}

static void ask(const char *port, int connections, int requests, const char *path, const char *name) {
    static int fds[connections_max];
    static struct spent before[threads_max], after[threads_max];
    int each = requests / connections, poll = epoll_create1(0);
    request_length = sprintf(request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n", path, port);
    struct sockaddr_in a = loopback(port);
    for (int i = 0; i < connections; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        must(connect(fds[i], (void *)&a, sizeof a) == 0, "connect");
        fcntl(fds[i], F_SETFL, O_NONBLOCK);
        no_delay(fds[i]);
        watch(poll, fds[i], EPOLLIN, 0);
    }
    // Connections to the app open in this round, and buffers reach their size.
    round_of(poll, fds, connections, 8);
    if (!name) {
        round_of(poll, fds, connections, each);
        return;
    }
    int b = threads_named(name, before);
    mark_begin();
    round_of(poll, fds, connections, each);
    mark_end();
    int n = threads_named(name, after);
    printf("MEASURE %s %d %s %d %lld\n", name, connections, path, each * connections,
           total(after, n) - total(before, b));
    report_threads(before, b, after, n, each * connections);
}

// ---- calibration: each line names what it did, so that the count can be checked against it

static void calibrated(const char *what, long count, void (*work)(long)) {
    // Of a thread that runs, schedstat is as old as the last tick; this clock is not.
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    mark_begin();
    work(count);
    mark_end();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    printf("MEASURE %s 0 - %ld %lld\n", what, count,
           (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec);
}

static void loop(long count) {
    __asm__ volatile("1: dec %0\n jnz 1b" : "+r"(count)::"cc");
}

static void calls(long count) {
    while (count-- > 0) syscall(SYS_getppid);
}

static void copies(long count) {
    static char from[65536], to[65536];
    while (count-- > 0) {
        void *d = to, *s = from;
        long n = sizeof from;
        __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
    }
}

static void switches(long count) {
    int there[2], back[2];
    char byte = 0;
    must(pipe(there) == 0 && pipe(back) == 0, "pipe");
    if (fork() == 0) {
        while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1) {}
        _exit(0);
    }
    close(there[0]);
    while (count-- > 0) must(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1, "pipe");
    close(there[1]);
}

static void calibrate(void) {
    calibrated("loop-of-2", 50000000, loop);
    calibrated("getppid", 100000, calls);
    calibrated("rep-movsb-64KiB", 100, copies);
    calibrated("pipe-switches", 10000, switches);
}

int main(int count, char **words) {
    setlinebuf(stdout);
    if (count == 3 && strcmp(words[1], "serve") == 0) serve(words[2]);
    else if (count >= 6 && strcmp(words[1], "ask") == 0)
        ask(words[2], atoi(words[3]), atoi(words[4]), words[5], count > 6 ? words[6] : NULL);
    else if (count == 2 && strcmp(words[1], "calibrate") == 0) calibrate();
    else return 2;
    return 0;
}
