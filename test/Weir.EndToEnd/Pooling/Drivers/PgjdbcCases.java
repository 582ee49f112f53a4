// What an app does with pgjdbc, through a pooler. Arguments: port, user, database. Prints a line a case.

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;

public final class PgjdbcCases {
    private interface Case {
        void run() throws Exception;
    }

    private static String url;
    private static String user;
    private static Connection[] stirrers;
    private static int turn;

    public static void main(String[] arguments) throws Exception {
        url = "jdbc:postgresql://127.0.0.1:" + arguments[0] + "/" + arguments[2];
        user = arguments[1];
        stirrers = new Connection[] {connect(), connect()};
        for (Connection one : stirrers) one.setAutoCommit(false);
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("connects", PgjdbcCases::connects);
        cases.put("prepared", PgjdbcCases::prepared);
        cases.put("prepared_across_ddl", PgjdbcCases::preparedAcrossDdl);
        cases.put("batch", PgjdbcCases::batch);
        cases.put("transaction", PgjdbcCases::transaction);
        cases.put("copy_in", PgjdbcCases::copyIn);
        cases.put("copy_out", PgjdbcCases::copyOut);
        cases.put("listen", PgjdbcCases::listen);
        cases.put("cancel", PgjdbcCases::cancel);
        cases.put("temp_table", PgjdbcCases::tempTable);
        cases.put("advisory_lock", PgjdbcCases::advisoryLock);
        cases.put("settings", PgjdbcCases::settings);
        cases.put("fetch_size", PgjdbcCases::fetchSize);
        cases.put("metadata", PgjdbcCases::metadata);
        for (Map.Entry<String, Case> each : cases.entrySet()) {
            try {
                each.getValue().run();
                System.out.println("ok " + each.getKey());
            } catch (Throwable fault) {
                System.out.println("FAILED " + each.getKey() + " " + String.valueOf(fault).replace('\n', ' '));
                fault.printStackTrace();
            }
        }
        for (Connection one : stirrers) one.close();
        System.exit(0);
    }

    private static Connection connect(String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("prepareThreshold", "2");
        properties.setProperty("loginTimeout", "10");
        for (int i = 0; i < more.length; i += 2) properties.setProperty(more[i], more[i + 1]);
        return DriverManager.getConnection(url, properties);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Others who take and give back server connections, so that a session meets another one at each turn. */
    private static void stir() throws SQLException {
        turn++;
        one(stirrers[turn % 2], "select 1");
        stirrers[1 - turn % 2].commit();
    }

    private static void equal(Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) throw new AssertionError("expected " + expected + ", was " + actual);
    }

    private static void fails(String state, Case body) throws Exception {
        try {
            body.run();
        } catch (SQLException fault) {
            SQLException first = fault.getNextException() != null ? fault.getNextException() : fault;
            equal(first.getSQLState(), state);
            return;
        }
        throw new AssertionError("no " + state);
    }

    private static void connects() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Connection connection = connect("ApplicationName", "pgjdbc case", "options", "-c work_mem=3MB")) {
                equal(one(connection, "show application_name"), "pgjdbc case");
                equal(one(connection, "show work_mem"), "3MB");
            }
        }
    }

    private static void prepared() throws Exception {
        try (Connection connection = connect();
             PreparedStatement add = connection.prepareStatement("select ?::int + 1")) {
            for (int i = 0; i < 10; i++) {
                stir();
                add.setInt(1, i);
                try (ResultSet rows = add.executeQuery()) {
                    rows.next();
                    equal(rows.getInt(1), i + 1);
                }
            }
            for (int i = 0; i < 300; i++) {
                try (PreparedStatement many = connection.prepareStatement("select " + i + " + ?")) {
                    for (int j = 0; j < 3; j++) {
                        many.setInt(1, j);
                        try (ResultSet rows = many.executeQuery()) {
                            rows.next();
                            equal(rows.getInt(1), i + j);
                        }
                    }
                }
            }
        }
    }

    private static void preparedAcrossDdl() throws Exception {
        try (Connection connection = connect(); Connection other = connect()) {
            run(other, "create table if not exists pgjdbc_ddl (id int)");
            run(other, "truncate pgjdbc_ddl");
            run(other, "insert into pgjdbc_ddl values (1)");
            try (PreparedStatement all = connection.prepareStatement("select * from pgjdbc_ddl where id = ?")) {
                for (int i = 0; i < 4; i++) {
                    stir();
                    all.setInt(1, 1);
                    all.executeQuery().close();
                }
                run(other, "alter table pgjdbc_ddl add column more int");
                try (ResultSet rows = all.executeQuery()) {
                    rows.next();
                    equal(rows.getInt(1), 1);
                }
            }
            run(other, "drop table pgjdbc_ddl");
        }
    }

    private static void batch() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "create table if not exists pgjdbc_batch (id int primary key)");
            run(connection, "truncate pgjdbc_batch");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("insert into pgjdbc_batch values (?)")) {
                for (int i = 0; i < 1000; i++) {
                    insert.setInt(1, i);
                    insert.addBatch();
                }
                equal(insert.executeBatch().length, 1000);
            }
            connection.commit();
            connection.setAutoCommit(true);
            fails("23505", () -> {
                try (PreparedStatement insert = connection.prepareStatement("insert into pgjdbc_batch values (?)")) {
                    for (int i : new int[] {5000, 1, 5001}) {
                        insert.setInt(1, i);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                }
            });
            equal(one(connection, "select count(*) from pgjdbc_batch where id < 1000"), "1000");
        }
    }

    private static void transaction() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "create table if not exists pgjdbc_tx (id int primary key)");
            run(connection, "truncate pgjdbc_tx");
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            run(connection, "insert into pgjdbc_tx values (1)");
            Savepoint savepoint = connection.setSavepoint();
            fails("23505", () -> run(connection, "insert into pgjdbc_tx values (1)"));
            connection.rollback(savepoint);
            stir();
            connection.commit();
            run(connection, "insert into pgjdbc_tx values (2)");
            connection.rollback();
            equal(one(connection, "show transaction_isolation"), "serializable");
            equal(one(connection, "select count(*) from pgjdbc_tx"), "1");
            connection.commit();
            connection.setReadOnly(true);
            fails("25006", () -> run(connection, "insert into pgjdbc_tx values (3)"));
            connection.rollback();
        }
    }

    private static void copyIn() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "create table if not exists pgjdbc_copy (id int, word text)");
            run(connection, "truncate pgjdbc_copy");
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 10000; i++) rows.append(i).append("\tword\n");
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            equal(copy.copyIn("copy pgjdbc_copy from stdin", new StringReader(rows.toString())), 10000L);
            fails("22P02", () -> copy.copyIn("copy pgjdbc_copy from stdin", new StringReader("no\tword\n")));
            equal(one(connection, "select count(*) from pgjdbc_copy"), "10000");
        }
    }

    private static void copyOut() throws Exception {
        try (Connection connection = connect()) {
            StringWriter out = new StringWriter();
            long rows = connection.unwrap(PGConnection.class).getCopyAPI()
                .copyOut("copy (select repeat('y', 100) from generate_series(1, 20000)) to stdout", out);
            equal(rows, 20000L);
            equal(out.toString().length(), 20000 * 101);
        }
    }

    private static void listen() throws Exception {
        try (Connection ear = connect(); Connection mouth = connect()) {
            run(ear, "listen pgjdbc_news");
            for (int i = 0; i < 3; i++) {
                stir();
                run(mouth, "notify pgjdbc_news, '" + i + "'");
            }
            List<String> heard = new ArrayList<>();
            long end = System.nanoTime() + 10_000_000_000L;
            while (heard.size() < 3 && System.nanoTime() < end) {
                PGNotification[] news = ear.unwrap(PGConnection.class).getNotifications(1000);
                if (news != null) for (PGNotification one : news) heard.add(one.getParameter());
            }
            equal(heard, List.of("0", "1", "2"));
        }
    }

    private static void cancel() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            long begun = System.nanoTime();
            new Timer(true).schedule(new TimerTask() {
                @Override
                public void run() {
                    try {
                        statement.cancel();
                    } catch (SQLException fault) {
                        fault.printStackTrace();
                    }
                }
            }, 300);
            fails("57014", () -> statement.execute("select pg_sleep(20)"));
            if (System.nanoTime() - begun > 10_000_000_000L) throw new AssertionError("the cancel came late");
            statement.setQueryTimeout(1);
            fails("57014", () -> statement.execute("select pg_sleep(20)"));
            equal(one(connection, "select 7"), "7");
        }
    }

    private static void tempTable() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "create temp table mine (id int)");
            for (int i = 0; i < 4; i++) {
                stir();
                run(connection, "insert into mine values (" + i + ")");
            }
            equal(one(connection, "select count(*) from mine"), "4");
        }
    }

    private static void advisoryLock() throws Exception {
        try (Connection mine = connect(); Connection theirs = connect()) {
            one(mine, "select pg_advisory_lock(7007)");
            stir();
            equal(one(theirs, "select pg_try_advisory_lock(7007)"), "f");
            equal(one(mine, "select pg_advisory_unlock(7007)"), "t");
        }
    }

    private static void settings() throws Exception {
        try (Connection mine = connect(); Connection theirs = connect()) {
            String before = one(theirs, "show work_mem");
            run(mine, "set work_mem = '7MB'");
            mine.setSchema("pg_catalog");
            mine.setClientInfo("ApplicationName", "renamed");
            for (int i = 0; i < 4; i++) {
                stir();
                equal(one(mine, "show work_mem"), "7MB");
                equal(mine.getSchema(), "pg_catalog");
                equal(one(mine, "show application_name"), "renamed");
                equal(one(theirs, "show work_mem"), before);
            }
        }
    }

    private static void fetchSize() throws Exception {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            long total = 0;
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(100);
                try (ResultSet rows = statement.executeQuery("select generate_series(1, 1000)")) {
                    while (rows.next()) total += rows.getInt(1);
                }
            }
            equal(total, 500500L);
            connection.commit();
        }
    }

    private static void metadata() throws Exception {
        try (Connection connection = connect();
             ResultSet tables = connection.getMetaData().getTables(null, "pg_catalog", "pg_class", null)) {
            equal(tables.next(), true);
            equal(connection.getMetaData().getDatabaseProductName(), "PostgreSQL");
        }
    }
}
