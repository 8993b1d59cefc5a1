window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1700000000000000001",
      "updatedAt": "2023-09-01T10:00:00.000Z",
      "lifecycle": {
        "value": "0",
        "name": "Created",
        "originalName": "Created",
        "annotations": {}
      },
      "createdAt": "2023-09-01T10:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "A long text about Quillhost that goes on",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      },
      "tweetId": "1700000000000000002"
    }
  },
  {
    "noteTweet": {
      "noteTweetId": "1700000000000000003",
      "createdAt": "2023-09-01T10:00:00.000Z",
      "core": {
        "text": "One that is not tied to a tweet"
      }
    }
  },
  {
    "noteTweet": {
      "noteTweetId": "1700000000000000005",
      "updatedAt": "2023-09-02T10:00:00.000Z",
      "lifecycle": {
        "value": "0",
        "name": "Created",
        "originalName": "Created",
        "annotations": {}
      },
      "createdAt": "2023-09-02T10:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [
          {
            "expandedUrl": "https://club.example/why",
            "toIndex": "160",
            "shortUrl": "https://t.co/bbbbbbbbbb",
            "displayUrl": "club.example/why",
            "fromIndex": "137"
          }
        ],
        "text": "Why we moved the club's page: Quillhost changed its terms overnight, told nobody, and when we asked the answer was a form &amp; a shrug. https://t.co/bbbbbbbbbb says more. There is more to it than that, and it took us the whole winter to find out. There is more to it than that, and it took us the whole winter to find out. There is more to it than that, and it took us the whole winter to find out.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]